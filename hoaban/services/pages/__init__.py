"""Pages of services: what is offered, asking for it, the citizen's own, and the officers' desk."""
