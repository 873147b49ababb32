"""How people meet the atlas: the Streamlit pages and the command line."""
