"""What the product is measured against: small Flask applications under the same server, each as fast as it reads."""
