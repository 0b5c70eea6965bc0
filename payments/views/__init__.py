"""Pages of the wallet, the webhook door, and the sandbox's own hosted pages."""
