"""Files of a face: pure encoders and readers from outlines (or a finished picture) to bytes.

Nothing here paints: pictures come in from `face.raster`, so that this package needs no Qt. Every encoder gives the same bytes for the
same input in every run and process: no clock, no random identifiers, no locale. `face.production` is the one door for callers.
"""
