weir verify --env "$PARAM_ENVIRONMENT" --subject "$(cat "$PARAM_SUBJECT_FILE")" --max-age "$PARAM_MAX_AGE"
