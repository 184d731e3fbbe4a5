// Brings files piece by piece: what HQ has stays, a line that breaks is tried again, and the pages are put in order.
"use strict";

const PIECE = 1 << 20;
const AT_ONCE = 2;
const PAUSES_S = [1, 2, 5, 10, 30];
const SHOWN_BYTES = 8 << 20;

class Problem extends Error {}

function markOf(file) {
    // by which this browser knows the file again: FNV-1a of what it says of itself, from two beginnings
    const told = `${file.name}|${file.size}|${file.lastModified}`;
    return [0x811c9dc5, 0x1234567].map((begin) => {
        let hash = begin;
        for (let at = 0; at < told.length; at += 1) hash = Math.imul(hash ^ told.charCodeAt(at), 0x01000193) >>> 0;
        return hash.toString(16).padStart(8, "0");
    }).join("");
}

function isBeingMade(told) {
    // HQ makes pictures of it in the background
    return Boolean(told && told.making && ["queued", "running"].includes(told.making.state));
}

function pause(seconds) {
    return new Promise((done) => { setTimeout(done, seconds * 1000); });
}

class Files {
    constructor(root) {
        this.root = root;
        this.words = root.dataset;
        this.form = root.closest("form");
        this.pages = root.querySelector(".library-pages");
        this.coming = root.querySelector(".library-coming");
        this.said = root.querySelector(".library-said");
        this.waiting = [];
        this.running = 0;
        this.listen();
    }

    listen() {
        const drop = this.root.querySelector(".library-drop");
        const choose = this.root.querySelector(".library-choose");
        drop.addEventListener("change", (event) => {
            event.stopPropagation(); // before the theme's own script, which looks for a box beside the choice
            this.add(choose.files);
            choose.value = "";
        }, true);
        for (const kind of ["dragenter", "dragover"]) {
            drop.addEventListener(kind, (event) => {
                if (![...event.dataTransfer.types].includes("Files")) return;
                event.preventDefault();
                drop.classList.add("library-over");
            });
        }
        drop.addEventListener("dragleave", () => drop.classList.remove("library-over"));
        drop.addEventListener("drop", (event) => {
            event.preventDefault();
            drop.classList.remove("library-over");
            this.add(event.dataTransfer.files);
        });
        this.pages.addEventListener("click", (event) => this.pressed(event.target.closest("button")));
        this.pages.addEventListener("dragstart", (event) => { this.dragged = event.target.closest("li"); });
        this.pages.addEventListener("dragend", () => { this.dragged = null; });
        this.pages.addEventListener("dragover", (event) => this.over(event));
        this.pages.addEventListener("drop", (event) => { if (this.dragged) event.preventDefault(); });
        this.form.addEventListener("submit", (event) => {
            if (!this.coming.querySelector("li:not(.library-refused)")) return;
            event.preventDefault();
            this.said.textContent = this.words.unfinished;
            this.said.scrollIntoView({ block: "center" });
        });
    }

    pressed(button) {
        if (!button) return;
        const page = button.closest("li");
        if (button.classList.contains("library-out")) {
            const next = page.nextElementSibling || page.previousElementSibling;
            page.remove();
            (next ? next.querySelector(".library-out") : this.root.querySelector(".library-choose")).focus();
            return;
        }
        if (button.classList.contains("library-earlier") && page.previousElementSibling) {
            this.pages.insertBefore(page, page.previousElementSibling);
        } else if (button.classList.contains("library-later") && page.nextElementSibling) {
            this.pages.insertBefore(page.nextElementSibling, page);
        }
        button.focus();
        this.tell(page);
    }

    over(event) {
        const page = event.target.closest("li");
        if (!this.dragged || !page) return;
        event.preventDefault();
        if (page === this.dragged) return;
        const box = page.getBoundingClientRect();
        const behind = event.clientY > box.top + box.height / 2;
        this.pages.insertBefore(this.dragged, behind ? page.nextElementSibling : page);
        this.tell(this.dragged);
    }

    tell(page) {
        const place = [...this.pages.children].indexOf(page) + 1;
        const name = page.querySelector(".library-name").textContent;
        this.said.textContent = `${name}: ${this.words.moved} ${place}`;
    }

    add(files) {
        for (const file of files) {
            const row = this.root.querySelector("template.library-file").content.firstElementChild.cloneNode(true);
            row.querySelector(".library-name").textContent = file.name;
            row.querySelector("progress").setAttribute("aria-label", file.name);
            const one = { file, row, stopped: false, id: "" };
            row.querySelector(".library-stop").addEventListener("click", () => this.stop(one));
            this.coming.append(row);
            this.waiting.push(one);
        }
        this.go();
    }

    go() {
        while (this.running < AT_ONCE && this.waiting.length) {
            const one = this.waiting.shift();
            if (one.stopped) continue;
            this.running += 1;
            this.bring(one).finally(() => { this.running -= 1; this.go(); });
        }
    }

    stop(one) {
        one.stopped = true;
        one.row.remove();
        this.root.querySelector(".library-choose").focus();
        if (one.id) this.ask("DELETE", one.id).catch(() => {});
    }

    async bring(one) {
        const told = await this.followed(one, null, (now) => now === null || now.state === "coming");
        // what is here holds no other file up while HQ makes its pictures
        if (told) this.made(one, told);
    }

    async made(one, told) {
        const { file, row } = one;
        const last = await this.followed(one, told, isBeingMade);
        if (!last) return;
        const why = last.state === "refused" ? last.why : (last.making && last.making.why) || "";
        if (why) { this.refuse(row, why); return; }
        row.remove();
        this.taken(file, last);
    }

    // Asks HQ for the next step as long as `goesOn`; null where it was stopped or refused.
    async followed(one, begun, goesOn) {
        const { row } = one;
        let told = begun;
        let tried = 0;
        while (!one.stopped && goesOn(told)) {
            try {
                told = await this.next(one, told);
                one.id = told.id;
                tried = 0;
                this.progress(row, told);
            } catch (error) {
                if (error instanceof Problem) { this.refuse(row, error.message); return null; }
                row.querySelector(".library-why").textContent = this.words.waiting;
                await pause(PAUSES_S[Math.min(tried, PAUSES_S.length - 1)]);
                tried += 1;
                if (one.id && !isBeingMade(told)) told = null; // HQ says anew how far it is
            }
        }
        if (!one.stopped) return told;
        if (one.id) this.ask("DELETE", one.id).catch(() => {});
        return null;
    }

    async next(one, told) {
        if (told === null) return one.id ? this.ask("GET", one.id) : this.begin(one.file);
        if (told.state === "coming") return this.piece(one, told);
        await pause(1);
        return this.ask("GET", told.id);
    }

    begin(file) {
        const body = JSON.stringify({ name: file.name, size: file.size, mark: markOf(file) });
        return this.ask("POST", "", body, "application/json");
    }

    piece(one, told) {
        const body = one.file.slice(told.received, told.received + PIECE);
        return this.ask("PUT", `${told.id}?at=${told.received}`, body, "application/octet-stream");
    }

    async ask(method, rest, body, type) {
        const headers = { "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]").value };
        if (type) headers["Content-Type"] = type;
        const address = this.words.begin + (rest ? `/${rest}` : "");
        const answer = await fetch(address, { method, headers, body, credentials: "same-origin" });
        if (answer.status === 204) return {};
        if (answer.status >= 500 && answer.status !== 507) throw new Error(String(answer.status));
        let told = {};
        try { told = await answer.json(); } catch { told = {}; }
        if (!answer.ok) throw new Problem(told.why || this.words.failed);
        return told;
    }

    progress(row, told) {
        row.querySelector("progress").value = told.size ? Math.floor((100 * told.received) / told.size) : 0;
        const making = isBeingMade(told);
        if (making) row.querySelector("progress").value = Math.floor((100 * told.making.done) / told.making.total);
        row.querySelector(".library-why").textContent = making ? this.words.making : this.words.coming;
    }

    refuse(row, why) {
        row.classList.add("library-refused");
        row.querySelector("progress").remove();
        const stop = row.querySelector(".library-stop"); // nothing is under way any more
        if (stop === document.activeElement) this.root.querySelector(".library-choose").focus();
        stop.remove();
        row.querySelector(".library-why").textContent = why;
        this.said.textContent = why;
    }

    taken(file, told) {
        const page = this.root.querySelector("template.library-page").content.firstElementChild.cloneNode(true);
        page.querySelector("input").value = `u:${told.id}`;
        page.querySelector(".library-name").textContent = told.name;
        this.pages.append(page);
        this.said.textContent = `${told.name}: ${this.words.taken}`;
        if (told.kind !== "image" || file.size > SHOWN_BYTES) return;
        const reader = new FileReader();
        reader.addEventListener("load", () => {
            const picture = page.querySelector("img");
            picture.src = reader.result;
            picture.hidden = false;
        });
        reader.readAsDataURL(file);
    }
}

document.addEventListener("DOMContentLoaded", () => {
    for (const root of document.querySelectorAll(".library-files")) new Files(root);
    document.addEventListener("click", (event) => {
        const button = event.target.closest(".library-drop-product");
        if (!button) return;
        const search = document.getElementById("id_products");
        button.closest("li").remove();
        search.focus();
    });
});
