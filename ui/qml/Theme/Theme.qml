pragma Singleton
import QtQuick

// Every colour, size and duration of the app. A brand replaces this file; nothing else changes.
QtObject {
    id: theme

    property bool dark: false
    property real textScale: 1.0
    property bool reduceMotion: false

    readonly property color surface: dark ? "#161513" : "#F7F5F0"
    readonly property color raised: dark ? "#1F1E1B" : "#FFFFFF"
    readonly property color sunken: dark ? "#2B2925" : "#EFECE4"
    readonly property color line: dark ? "#35322D" : "#E5E1D7"
    readonly property color line2: dark ? "#565148" : "#CBC5B8"
    readonly property color ink: dark ? "#F3F1EC" : "#1C1B19"
    readonly property color ink2: dark ? "#B9B5AB" : "#5B5852"
    readonly property color ink3: dark ? "#9C968B" : "#6B675F"
    readonly property color accent: dark ? "#4FC3AE" : "#0B6E5F"
    readonly property color overAccent: dark ? "#06201B" : "#FFFFFF"
    readonly property color accentSoft: dark ? "#16332D" : "#E1F0EC"
    readonly property color accentInk: dark ? "#86DCCB" : "#07574B"
    readonly property color good: dark ? "#6BCB8B" : "#1F7A3D"
    readonly property color goodSoft: dark ? "#1B2F22" : "#E3F1E6"
    readonly property color goodInk: dark ? "#8FD9A6" : "#1A6B35"
    readonly property color warn: dark ? "#F0B35A" : "#8F5400"
    readonly property color warnSoft: dark ? "#35280F" : "#FCEFD8"
    readonly property color bad: dark ? "#F2857C" : "#B3261E"
    readonly property color badSoft: dark ? "#3B1F1C" : "#FBE5E2"
    readonly property color clay: dark ? "#F0A07A" : "#A94A26"
    readonly property color claySoft: dark ? "#3A2419" : "#FBEAE1"
    readonly property color gold: dark ? "#E3C27A" : "#7A5610"
    readonly property color goldSoft: dark ? "#352B14" : "#F6ECD3"
    readonly property color scrim: dark ? "#99000000" : "#751E1C19"
    readonly property list<color> tiles: dark
        ? ["#2E2A22", "#222B25", "#33271F", "#232A30", "#302B1D", "#2A2630"]
        : ["#F4EDE0", "#E7F0E9", "#FAEAE2", "#E6EEF4", "#FAF2DA", "#EFE9F4"]
    readonly property list<color> avatars: dark
        ? ["#24483B", "#3E271C", "#383018", "#222F3A", "#302A3B", "#35322D"]
        : ["#CBE2D6", "#F6DED3", "#EFE3C8", "#DCE7F0", "#E8E1F0", "#E7E3DA"]
    readonly property list<color> avatarInks: dark
        ? ["#A9DCC7", "#F0B499", "#E0C88A", "#A5C6E3", "#C9B6E6", "#CFC9BC"]
        : ["#1F5A48", "#8A3F22", "#6B4E12", "#2D5273", "#57407A", "#4E4A42"]

    readonly property int s4: 4
    readonly property int s8: 8
    readonly property int s12: 12
    readonly property int s16: 16
    readonly property int s20: 20
    readonly property int s24: 24
    readonly property int s32: 32
    readonly property int s48: 48

    readonly property int radiusTag: 8
    readonly property int radiusControl: 12
    readonly property int radiusCard: 16
    readonly property int radiusPill: 24

    readonly property int caption: sized(13)
    readonly property int body: sized(15)
    readonly property int strong: sized(17)
    readonly property int title: sized(22)
    readonly property int amount: sized(28)
    readonly property int figure: sized(34)
    readonly property int hero: sized(40)
    readonly property int clock: sized(72)

    readonly property int touch: 48
    readonly property int primary: 56
    readonly property int rail: 96
    readonly property int bar: 72
    readonly property real disabled: 0.42
    readonly property int motionIn: reduceMotion ? 0 : 120
    readonly property int motionOut: reduceMotion ? 0 : 80

    // The fill and the ink of a tone: neutral, accent, good, warn, bad, clay, gold.
    function soft(tone: string): color {
        switch (tone) {
        case "accent": return accentSoft
        case "good": return goodSoft
        case "warn": return warnSoft
        case "bad": return badSoft
        case "clay": return claySoft
        case "gold": return goldSoft
        default: return sunken
        }
    }

    function inkOf(tone: string): color {
        switch (tone) {
        case "accent": return accentInk
        case "good": return goodInk
        case "warn": return warn
        case "bad": return bad
        case "clay": return clay
        case "gold": return gold
        default: return ink2
        }
    }

    // The same id has the same tint on every tablet and every day.
    function tint(id: string): int {
        let sum = 0
        for (let n = 0; n < id.length; n++)
            sum += id.charCodeAt(n)
        return sum % avatars.length
    }

    function sized(pixels: int): int {
        return Math.round(pixels * textScale)
    }

    // A height that grows with the text, never below the drawn one.
    function grown(height: int): int {
        return Math.round(height * Math.max(1, textScale))
    }
}
