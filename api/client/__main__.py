"""``python -m api.client``: the command ``laufmappe-portal``."""

from api.client.command import main

if __name__ == "__main__":
    raise SystemExit(main())
