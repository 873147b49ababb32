"""The atlas for other programs: OGC API - Features, answered by pygeoapi over our own GeoPackage.

`folder` finds or makes the data (`making`, in a process of its own), `configuration` tells pygeoapi of them,
`provider` reads them, `asking` checks what is asked, `answers` and `openapi` say what is ours to say, `pages` shows it
to people, `web` joins these into one application and `server` runs it. See docs/service.md.
"""
