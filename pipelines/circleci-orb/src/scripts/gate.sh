weir gate --config "$PARAM_CONFIG" --env "$PARAM_ENVIRONMENT" --subject "$(cat "$PARAM_SUBJECT_FILE")" \
  --commit "$CIRCLE_SHA1" --zero-when-allowed
