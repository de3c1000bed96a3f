"""Handing a copy over: behind a link that ends and a code that travels another way, never as an attachment."""
