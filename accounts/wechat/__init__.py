"""The compatible API of official accounts: tokens, menus, followers, tags and codes.

Each door checks the token and calls the action that the console calls. docs/wechat.md.
"""
