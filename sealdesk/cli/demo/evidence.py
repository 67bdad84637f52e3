"""The folder that a walk leaves behind, and its `VERIFY.md` with commands that anyone can run on it; the walk runs them too."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from sealdesk.core.lanes import Task
from sealdesk.crypto.certificates import Certificate
from sealdesk.crypto.records import SignedRecord
from sealdesk.domain.ports import SealChip

DISTID = "distid:1234567812345678"
HEAD = """# How to verify this folder

Everything here can be checked with the `openssl` command line (3.0 or newer) alone. Run the commands in this folder, with a shell.
Signatures are SM2 over SM3 with the default identifier, DER; records are the exact bytes that were signed (canonical JSON, RFC 8785).

Certificate chains are verified link by link with `-partial_chain`, because openssl 3.0 hands the SM2 identifier only to the certificate in
question and not to those between.
"""


@dataclass
class Evidence:
    """Collects files and the commands that check them."""

    folder: Path
    commands: list[tuple[str, str]] = field(default_factory=list)

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def check(self, heading: str, command: str) -> None:
        """Add a command to `VERIFY.md`; it succeeds with exit code 0."""
        self.commands.append((heading, command))

    def trust(self, root: Certificate, intermediates: tuple[Certificate, ...]) -> None:
        """The certificates on which everything rests."""
        self.write("trust/root.pem", root.pem().encode())
        above = "trust/root.pem"
        for number, certificate in enumerate(intermediates, start=1):
            name = f"trust/intermediate-{number}.pem"
            self.write(name, certificate.pem().encode())
            self.chain(f"Intermediate certificate {number}", name, above)
            above = name

    def chain(self, heading: str, certificate: str, issuer: str) -> None:
        """A certificate that its issuer signed."""
        self.check(heading, f"openssl verify -partial_chain -CAfile {issuer} -vfyopt {DISTID} {certificate}")

    def record(self, name: str, heading: str, record: SignedRecord) -> None:
        """A signed record as three files: content, signature, signer's certificate."""
        signer = Certificate.from_der(record.chain[0])
        stem = f"records/{name}"
        self.write(f"{stem}.json", record.content)
        self.write(f"{stem}.sig", record.signature)
        self.write(f"{stem}.pem", signer.pem().encode())
        self.chain(f"{heading}: the signer's certificate", f"{stem}.pem", "trust/intermediate-1.pem")
        self.check(
            f"{heading}: the signature",
            f"openssl x509 -in {stem}.pem -noout -pubkey > {stem}.pub && "
            f"openssl dgst -sm3 -verify {stem}.pub -sigopt {DISTID} -signature {stem}.sig {stem}.json",
        )

    def chip(self, chip: SealChip, _task: Task) -> None:
        """The chip as it is read back: identity, certificate, public key, every file. Runs on the reader's lane."""
        identity, der, point = chip.identity(), chip.certificate(), chip.public_key()
        if der is None or point is None:
            raise RuntimeError("the chip is not finished")
        certificate = Certificate.from_der(der)
        about = {"serial": identity.serial, "label": identity.label, "files": list(chip.file_names()), "public_point": point.hex()}
        self.write("chip/chip.json", json.dumps(about, ensure_ascii=False, indent=2).encode())
        self.write("chip/certificate.pem", certificate.pem().encode())
        for name in chip.file_names():
            self.write(f"chip/{name}", chip.read_file(name) or b"")
        self.chain("The chip's certificate", "chip/certificate.pem", "trust/intermediate-1.pem")
        self.check(
            "The certificate is for the key on the chip",
            "openssl x509 -in chip/certificate.pem -noout -pubkey | openssl pkey -pubin -outform DER | "
            "od -An -v -tx1 | tr -d ' \\n' | grep -q " + point.hex(),
        )

    def same(self, heading: str, record: str, file: str) -> None:
        """A file of the chip holds exactly the signed content that stands in `records/`."""
        self.check(heading, f'grep -q "$(openssl base64 -A -in records/{record}.json)" chip/{file}')

    def finish(self) -> None:
        """Write `VERIFY.md`."""
        lines = [HEAD]
        for heading, command in self.commands:
            lines.append(f"\n## {heading}\n\n```sh\n{command}\n```\n")
        self.write("VERIFY.md", "".join(lines).encode())

    def run(self) -> int:
        """Run every command of `VERIFY.md`; returns how many there were.

        Raises:
            RuntimeError: one did not succeed.
        """
        for heading, command in self.commands:
            done = subprocess.run(["sh", "-c", command], cwd=self.folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{heading}: {command}\n{done.stdout}{done.stderr}")
        return len(self.commands)
