"""How the desk is seen: a window in a process of its own, else a tab of the browser, else a printed address."""
