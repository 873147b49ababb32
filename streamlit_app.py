"""Entry of the app: ``streamlit run streamlit_app.py``, or ``make run``."""

from app.start import run

run()
