"""The insurer's endpoint. Its import contract stands; its programs come with activation and synchronization."""
