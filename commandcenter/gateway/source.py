"""Where a report comes from, as far as it counts for limits."""

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final

ONE_PLACE: Final = 64
"""Bits of an IPv6 address that one connection is given: with the rest a phone can be whoever it likes."""


def source_of(host: str) -> str:
    """The IPv4 address, or the network an IPv6 address lies in; what is no address stays as it is."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, ONE_PLACE), strict=False))
