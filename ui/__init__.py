"""What the pages share. May import streamlit and core; knows no page."""
