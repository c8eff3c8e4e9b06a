"""The Streamlit parts that the pages are made of."""
