"""Seal faces: from a description in millimetres to exact outlines, their checks and (in `export` and `raster`) their pictures.

The way through the package is three calls:

    spec = templates.template("unit.enterprise.40").build({"name": "…", "code": "…"})   # or specification.from_json(text)
    drawing = layout.layout(spec, fonts.system_fonts())
    findings = checks.check(drawing, spec)

It knows nothing about orders, people, devices or windows; only `face.raster` may use QtGui.
"""
