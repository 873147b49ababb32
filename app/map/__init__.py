"""The map page: layers switched on, clicked, searched and taken along."""
