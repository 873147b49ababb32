"""What does the plan say, as shapes? Structures of plans, the rules that draw them, and how they look and leave."""
