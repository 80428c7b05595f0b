"""Owns the list of GuardDuty findings: incidents, and the noise that they hide in."""

from . import incident, noise


def drafts():
    return [
        *incident.mining(),
        *incident.leaked_key(),
        *incident.open_bucket(),
        *incident.shop_shell(),
        *noise.old_estate(),
        *noise.everyday(),
    ]
