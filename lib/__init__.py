"""All code of Chat History that is no page."""
