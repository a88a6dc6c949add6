container=$(docker create "$WEIR_IMAGE")
mkdir -p "$HOME/weir-bin"
docker cp "$container:/weir" "$HOME/weir-bin/weir"
docker rm "$container" >/dev/null
echo 'export PATH="$HOME/weir-bin:$PATH"' >> "$BASH_ENV"
"$HOME/weir-bin/weir" version
