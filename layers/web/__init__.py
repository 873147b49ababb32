"""What the browser gets: painted layers and the base map as GeoJSON files by zoom band, and the cards' content.

Files are written once into a cache folder (`layers.web.cache`); the app hands out their names, the browser fetches
them. Geometry is drawn and generalised in EPSG:4549 and written as WGS 84 with five decimals (about a metre).
"""
