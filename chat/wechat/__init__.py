"""The compatible API of official accounts, as far as it speaks to followers. docs/wechat.md."""
