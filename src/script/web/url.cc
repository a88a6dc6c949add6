#include "script/web/url.h"

#include "base/format.h"
#include "script/isolate.h"
#include "script/web/web.h"

namespace weir::script {

namespace {

constexpr std::string_view class_name = "URL";

enum Part : int {
    href,
    origin,
    protocol,
    username,
    password,
    host,
    hostname,
    port,
    pathname,
    search,
    hash
};

UrlHandle* handle_of(Isolate& js, Ref value) {
    return native_as<UrlHandle>(js, value, class_named(js, class_name));
}

base::Url* url_of(Isolate& js, Ref self) {
    const UrlHandle* handle = handle_of(js, self);
    if (handle != nullptr) return &*(*handle)->url;
    throw_error(js, ErrorKind::type, "this is not a URL");
    return nullptr;
}

std::string hostname_of(const base::Url& url) {
    return url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
}

std::string port_of(const base::Url& url) {
    return url.port_is_default || url.port == 0 ? "" : std::to_string(url.port);
}

std::string host_of(const base::Url& url) {
    const std::string at = port_of(url);
    return at.empty() ? hostname_of(url) : hostname_of(url) + ":" + at;
}

bool is_special(const base::Url& url) {
    for (const std::string_view scheme : {"http", "https", "ws", "wss", "ftp"}) {
        if (url.scheme == scheme) return true;
    }
    return false;
}

std::string part_of(const base::Url& url, int part) {
    switch (part) {
        case href:
            return url.href;
        case origin:
            return is_special(url) ? url.origin() : "null";
        case protocol:
            return url.scheme + ":";
        case username:
            return url.username;
        case password:
            return url.password;
        case host:
            return host_of(url);
        case hostname:
            return hostname_of(url);
        case port:
            return port_of(url);
        case pathname:
            return url.path;
        case search:
            return url.query.size() > 1 ? url.query : "";
        case hash:
            return url.fragment.size() > 1 ? url.fragment : "";
        default:
            return {};
    }
}

/// The parts of a URL as text that can be put together again.
struct Parts {
    std::string scheme, username, password, hostname, port, path, query, fragment;
    bool has_authority = true;

    explicit Parts(const base::Url& url)
        : scheme(url.scheme),
          username(url.username),
          password(url.password),
          hostname(hostname_of(url)),
          port(port_of(url)),
          path(url.path),
          query(url.query),
          fragment(url.fragment),
          has_authority(url.href.starts_with(url.scheme + "://")) {}

    [[nodiscard]] std::string text() const {
        std::string out = scheme + ":";
        if (has_authority) {
            out += "//";
            if (!username.empty() || !password.empty()) {
                out += username + (password.empty() ? "" : ":" + password) + "@";
            }
            out += hostname + (port.empty() ? "" : ":" + port);
        }
        return out + path + query + fragment;
    }
};

std::string led_by(char lead, std::string_view text) {
    if (text.empty()) return {};
    return text.front() == lead ? std::string(text) : lead + std::string(text);
}

void set_host(Parts& parts, std::string_view text) {
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.hostname = text.substr(0, colon);
    if (colon != std::string_view::npos) parts.port = text.substr(colon + 1);
}

/// What an assignment to a part makes of the URL; nullopt leaves it as it was, as browsers do.
std::optional<base::Url> with_part(const base::Url& url, int part, std::string_view text) {
    Parts parts(url);
    switch (part) {
        case protocol:
            parts.scheme = text.substr(0, text.find(':'));
            break;
        case username:
            parts.username = text;
            break;
        case password:
            parts.password = text;
            break;
        case host:
            set_host(parts, text);
            break;
        case hostname:
            parts.hostname = text;
            break;
        case port:
            parts.port = text;
            break;
        case pathname:
            parts.path = led_by('/', text);
            break;
        case search:
            parts.query = led_by('?', text);
            break;
        case hash:
            parts.fragment = led_by('#', text);
            break;
        default:
            return std::nullopt;
    }
    auto parsed = base::parse_url(parts.text());
    if (!parsed.ok()) return std::nullopt;
    return std::move(parsed).value();
}

base::Result<base::Url> parse_with_base(const std::string& text,
                                        const std::optional<std::string>& base) {
    if (!base) return base::parse_url(text);
    TRY(const base::Url from, base::parse_url(*base));
    return base::resolve_url(text, from);
}

/// The first two arguments as texts; nullopt after a throw.
struct UrlArguments {
    std::string text;
    std::optional<std::string> base;
};
std::optional<UrlArguments> read_arguments(Isolate& js, Args args) {
    if (args.empty()) {
        throw_error(js, ErrorKind::type, "URL needs at least 1 argument, but there is none");
        return std::nullopt;
    }
    const Text text = args[0].to_text(js);
    if (!text.ok()) return std::nullopt;
    UrlArguments out{text.str(), std::nullopt};
    if (args.size() < 2 || args[1].is_undefined()) return out;
    const Text from = args[1].to_text(js);
    if (!from.ok()) return std::nullopt;
    out.base = from.str();
    return out;
}

Value construct(Isolate& js, Ref, Args args, int) noexcept {
    const auto arguments = read_arguments(js, args);
    if (!arguments) return Value::thrown();
    auto parsed = parse_with_base(arguments->text, arguments->base);
    if (!parsed.ok()) {
        return throw_error(
            js, ErrorKind::type,
            base::format("Invalid URL '{}': {}", arguments->text, parsed.error().text));
    }
    auto state = std::make_shared<UrlState>();
    state->pairs =
        parse_form(std::string_view(parsed.value().query).substr(!parsed.value().query.empty()));
    state->url = std::move(parsed).value();
    return new_native(js, class_named(js, class_name), new UrlHandle(std::move(state)));
}

Value can_parse(Isolate& js, Ref, Args args, int) noexcept {
    const auto arguments = read_arguments(js, args);
    if (!arguments) return Value::thrown();
    return Value::boolean(parse_with_base(arguments->text, arguments->base).ok());
}

Value get_part(Isolate& js, Ref self, Args, int part) noexcept {
    const base::Url* url = url_of(js, self);
    return url == nullptr ? Value::thrown() : new_string(js, part_of(*url, part));
}

Value set_href(Isolate& js, UrlState& state, const std::string& text) {
    auto parsed = base::parse_url(text);
    if (!parsed.ok()) {
        return throw_error(js, ErrorKind::type, base::format("Invalid URL '{}'", text));
    }
    state.url = std::move(parsed).value();
    state.pairs = parse_form(std::string_view(state.url->query).substr(!state.url->query.empty()));
    return {};
}

Value set_part(Isolate& js, Ref self, Args args, int part) noexcept {
    const UrlHandle* handle = handle_of(js, self);
    if (handle == nullptr) return throw_error(js, ErrorKind::type, "this is not a URL");
    const Text text = args[0].to_text(js);
    if (!text.ok()) return Value::thrown();
    UrlState& state = **handle;
    if (part == href) return set_href(js, state, text.str());
    auto changed = with_part(*state.url, part, text.view());
    if (!changed) return {};
    state.url = std::move(changed);
    if (part == search) {
        state.pairs =
            parse_form(std::string_view(state.url->query).substr(!state.url->query.empty()));
    }
    return {};
}

Value get_search_params(Isolate& js, Ref self, Args, int) noexcept {
    const UrlHandle* handle = handle_of(js, self);
    if (handle == nullptr) return throw_error(js, ErrorKind::type, "this is not a URL");
    return new_search_params(js, *handle);
}

}  // namespace

void UrlState::pairs_changed() {
    if (!url) return;
    auto changed = with_part(*url, search, write_form(pairs));
    if (changed) url = std::move(changed);
}

void finalize_url_handle(void* handle) noexcept {
    delete static_cast<UrlHandle*>(handle);
}

ClassId add_url_class(Bindings& bindings) {
    static constexpr MemberSpec members[] = {
        {.name = "href", .get = get_part, .set = set_part, .magic = href},
        {.name = "origin", .get = get_part, .magic = origin},
        {.name = "protocol", .get = get_part, .set = set_part, .magic = protocol},
        {.name = "username", .get = get_part, .set = set_part, .magic = username},
        {.name = "password", .get = get_part, .set = set_part, .magic = password},
        {.name = "host", .get = get_part, .set = set_part, .magic = host},
        {.name = "hostname", .get = get_part, .set = set_part, .magic = hostname},
        {.name = "port", .get = get_part, .set = set_part, .magic = port},
        {.name = "pathname", .get = get_part, .set = set_part, .magic = pathname},
        {.name = "search", .get = get_part, .set = set_part, .magic = search},
        {.name = "hash", .get = get_part, .set = set_part, .magic = hash},
        {.name = "searchParams", .get = get_search_params},
        {.name = "toString", .call = get_part, .magic = href},
        {.name = "toJSON", .call = get_part, .magic = href},
    };
    static constexpr FunctionSpec statics[] = {{"canParse", can_parse, 1}};
    return bindings.add_class({.name = class_name,
                               .finalize = finalize_url_handle,
                               .members = members,
                               .statics = statics,
                               .construct = construct,
                               .construct_length = 1});
}

void add_web_globals(Bindings& bindings) {
    const ClassExport classes[] = {
        {"URLSearchParams", add_search_params_class(bindings)},
        {"URL", add_url_class(bindings)},
        {"TextEncoder", add_text_encoder_class(bindings)},
        {"TextDecoder", add_text_decoder_class(bindings)},
    };
    bindings.add_globals({.classes = classes});
}

}  // namespace weir::script
