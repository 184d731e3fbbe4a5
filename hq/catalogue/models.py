"""Categories, products, price lists and stock. Products and categories belong to the chain, a price list to a scope."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hq.names import in_language


class Category(models.Model):
    """A node of the category tree."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    parent_id = models.UUIDField(_("within"), null=True, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    position = models.IntegerField(_("position"), default=0)

    class Meta:
        db_table = "category"
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name_en"]

    def __str__(self) -> str:
        return in_language(self.name_en, self.name_zh)


class Product(models.Model):
    """A product. `size` as printed on the pack; `pinyin` and `initials` are search keys of its Chinese name. Products
    of one `article` are its variants, told apart by their `options`, which stand as they
    travel; so do its `pictures`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    sku = models.CharField("SKU", max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    category_id = models.UUIDField(_("category"), null=True, blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True, default="")
    size = models.CharField(_("size"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=20, default="piece")
    barcodes = ArrayField(models.CharField(max_length=60), verbose_name=_("barcodes"), blank=True, default=list)
    pinyin = models.TextField(blank=True, default="", editable=False)
    initials = models.CharField(max_length=200, blank=True, default="", editable=False)
    active = models.BooleanField(_("sold"), default=True)
    gift_card = models.BooleanField(_("is a gift card: its number is asked for"), default=False, db_default=False)
    article = models.CharField(_("article"), max_length=40, blank=True, default="", db_default="")
    options = models.JSONField(_("options"), blank=True, default=list, db_default=[])
    pictures = models.JSONField(_("pictures"), blank=True, default=list, db_default=[], editable=False)

    class Meta:
        db_table = "product"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [models.Index(fields=["article"], condition=~models.Q(article=""), name="product_article")]

    def __str__(self) -> str:
        return f"{self.sku} {in_language(self.name_en, self.name_zh)}"


class PriceList(models.Model):
    """The header of a price list; valid from (inclusive) until (exclusive). `scope`: a region's or the chain's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(_("for"), max_length=12)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    version = models.IntegerField(_("version"), default=1, editable=False)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="CNY",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three letters, such as CNY."))],
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)

    class Meta:
        db_table = "price_list"
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{in_language(self.name_en, self.name_zh)} · {self.version}"


class Price(models.Model):
    """One product's unit price in one list, in minor units. `id` is derived from both; `scope` is the list's."""

    id = models.UUIDField(primary_key=True, editable=False)
    ver = models.IntegerField(default=0, editable=False)
    scope = models.CharField(max_length=12, editable=False)
    list_id = models.UUIDField(editable=False)
    product_id = models.UUIDField(_("product"))
    amount = models.BigIntegerField(_("amount (minor units)"), validators=[MinValueValidator(0)])

    class Meta:
        db_table = "price"
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [models.UniqueConstraint(fields=["list_id", "product_id"], name="price_once")]

    def __str__(self) -> str:
        return str(self.amount)


class Stock(models.Model):
    """Pieces of a product in a store by the books; only of products that the store sells. May fall below zero."""

    pk = models.CompositePrimaryKey("store_id", "product_id")
    store_id = models.UUIDField(_("store"))
    product_id = models.UUIDField(_("product"))
    ver = models.IntegerField(default=0)
    on_hand = models.IntegerField(_("on hand"))
    as_of = models.DateTimeField(_("as of"), null=True)
    near = models.JSONField(_("in shops nearby"), null=True)

    class Meta:
        db_table = "stock"
        verbose_name = _("stock")
        verbose_name_plural = _("stock")

    def __str__(self) -> str:
        return str(self.on_hand)
