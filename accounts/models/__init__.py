"""Accounts: people, what they are to each other, and the official accounts of businesses."""

from accounts.models.official import (
    AutoReply,
    Follow,
    FollowerTag,
    Menu,
    OfficialAccount,
    PastName,
    QRScene,
    Staff,
    StaffInvitation,
)
from accounts.models.people import (
    Account,
    Block,
    Contact,
    FriendRequest,
    Person,
    PersonalToken,
    PersonManager,
    QRLogin,
    SandboxAttachment,
    SandboxLetter,
    Tag,
)
from accounts.models.programs import Program, ProgramToken

__all__ = [
    "Account",
    "AutoReply",
    "Block",
    "Contact",
    "Follow",
    "FollowerTag",
    "FriendRequest",
    "Menu",
    "OfficialAccount",
    "PastName",
    "Person",
    "PersonManager",
    "PersonalToken",
    "Program",
    "ProgramToken",
    "QRLogin",
    "QRScene",
    "SandboxAttachment",
    "SandboxLetter",
    "Staff",
    "StaffInvitation",
    "Tag",
]
