"""One module a vendor: the answers of its interface, as records of our own import format.

A module that defines `VENDOR` is a vendor; nothing else has to name it.
"""

import pkgutil
from importlib import import_module

from lib.importing.vendors.vendor import Found, LeftOut, Vendor

__all__ = ["VENDORS", "Found", "LeftOut", "Vendor"]

_MODULES = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
VENDORS: dict[str, Vendor] = {
    module.VENDOR.code: module.VENDOR for module in _MODULES if isinstance(getattr(module, "VENDOR", None), Vendor)
}
