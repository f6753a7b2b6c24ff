"""Where sealed bytes are kept beside the database: a folder, or what speaks S3. Nothing else reaches them."""
