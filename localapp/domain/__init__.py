"""What desk and endpoint must agree on: rules without input, output or clock."""
