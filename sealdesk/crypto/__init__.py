"""Cryptography of seals: SM2, SM3, SM4, certificates, signed records, passwords and the vault of files.

Mathematics comes from libraries (GmSSL in C, cryptography, asn1crypto); what lies here is conventions, formats and refusals. The
package knows nothing of orders, cards or the platform: keys in hardware join in through `certificates.Signer` and the split functions.
"""
