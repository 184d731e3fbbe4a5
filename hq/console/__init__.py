"""What HQ's people see around the admin: its navigation, its style, its security headers."""
