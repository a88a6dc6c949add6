"""Reads an OCI archive as a container runtime does, each digest checked.

Source: https://github.com/opencontainers/image-spec/blob/v1.0.2/spec.md (layout, manifest, config, layer).
"""
import gzip
import hashlib
import io
import json
import tarfile


class ImageArchive:
    """manifest and config as JSON values, layers as tar bytes, size as what is downloaded in bytes."""

    def __init__(self, path):
        with tarfile.open(path) as archive:
            self.files = {member.name.removeprefix("./"): archive.extractfile(member).read()
                          for member in archive if member.isfile()}
        assert json.loads(self.files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
        [described] = json.loads(self.files["index.json"])["manifests"]
        self.digest = described["digest"]
        self.manifest = json.loads(self.blob(described))
        self.config = json.loads(self.blob(self.manifest["config"]))
        self.layers = [self.unpacked(each) for each in self.manifest["layers"]]
        self.size = sum(each["size"] for each in self.manifest["layers"])
        unpacked = ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in self.layers]
        assert unpacked == self.config["rootfs"]["diff_ids"], "the config names other layers"

    def blob(self, described):
        algorithm, value = described["digest"].split(":")
        content = self.files[f"blobs/{algorithm}/{value}"]
        assert hashlib.sha256(content).hexdigest() == value, f"{described} is not what its name says"
        assert len(content) == described["size"]
        return content

    def unpacked(self, described):
        assert described["mediaType"] == "application/vnd.oci.image.layer.v1.tar+gzip", described
        return gzip.decompress(self.blob(described))

    def members(self):
        """Of all layers: {path: tarfile.TarInfo}."""
        found = {}
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                for member in archive:
                    assert not member.name.rsplit("/", 1)[-1].startswith(".wh."), "a layer takes something back"
                    found[member.name.strip("/")] = member
        return found

    def unpack(self, root):
        """As root: with owners and modes."""
        for layer in self.layers:
            with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
                archive.extractall(root, numeric_owner=True)
