"""Click to painted: the app beside a bare Streamlit page with as many elements, in one browser."""
