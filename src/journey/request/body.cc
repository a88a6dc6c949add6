// Body: what k6 accepts as one: text, bytes, an object as a form, an object with files as
// multipart.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/format.h"
#include "http/content_encoding.h"
#include "http/header_names.h"
#include "journey/api/api.h"
#include "journey/host/host.h"
#include "journey/request/ask.h"
#include "journey/request/file_data.h"

namespace weir::journey {

namespace {

using script::Isolate;
using script::Ref;
using script::Value;

struct FormField {
    std::string name;
    std::string value;
    const FileData* file = nullptr;
};

bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

/// Source: WHATWG URL "application/x-www-form-urlencoded", with k6's choice of what stays as it is.
void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char character : text) {
        const auto c = static_cast<unsigned char>(character);
        if (c == ' ') {
            out += '+';
        } else if (is_unreserved(c)) {
            out += character;
        } else {
            out += '%';
            out += digits[c >> 4U];
            out += digits[c & 0xFU];
        }
    }
}

std::string as_form(std::vector<FormField> fields) {
    // k6 writes the names in order; a recorded test that compares bodies sees the same bytes.
    std::stable_sort(fields.begin(), fields.end(),
                     [](const FormField& a, const FormField& b) { return a.name < b.name; });
    std::string out;
    for (const FormField& field : fields) {
        if (!out.empty()) out += '&';
        append_escaped(out, field.name);
        out += '=';
        append_escaped(out, field.value);
    }
    return out;
}

/// A quoted parameter of Content-Disposition (RFC 7578 §4.2 with WHATWG's escapes).
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "%22";
                break;
            case '\r':
                out += "%0D";
                break;
            case '\n':
                out += "%0A";
                break;
            default:
                out += c;
        }
    }
    return out + '"';
}

std::string as_multipart(const std::vector<FormField>& fields, const std::string& boundary) {
    std::string out;
    for (const FormField& field : fields) {
        out += "--" + boundary + "\r\nContent-Disposition: form-data; name=" + quoted(field.name);
        if (field.file != nullptr) {
            out += "; filename=" + quoted(field.file->filename) +
                   "\r\nContent-Type: " + field.file->content_type;
        }
        out += "\r\n\r\n";
        out += field.file != nullptr ? field.file->data : field.value;
        out += "\r\n";
    }
    return out + "--" + boundary + "--\r\n";
}

std::string fresh_boundary(Host& host) {
    return base::format("{:016x}{:016x}", host.trace_random.next(), host.trace_random.next());
}

void default_content_type(Ask& ask, std::string value) {
    auto& headers = ask.request.headers;
    if (http::find_header(headers, "Content-Type") != nullptr) return;
    headers.push_back({"Content-Type", std::move(value)});
}

/// Arrays in a form give their name once for each element.
bool add_value(Isolate& js, const std::string& name, Ref value, std::vector<FormField>& fields) {
    if (value.is_array()) {
        const auto length = value.length(js);
        if (!length) return false;
        for (std::uint32_t i = 0; i < *length; ++i) {
            if (!add_value(js, name, value.at(js, i), fields)) return false;
        }
        return true;
    }
    const script::Text text = value.to_text(js);
    if (!text.ok()) return false;
    fields.push_back({name, text.str(), nullptr});
    return true;
}

bool read_object(Isolate& js, Ref body, Ask& ask) {
    const auto keys = script::own_keys(js, body);
    if (!keys) return false;
    std::vector<FormField> fields;
    std::vector<Value> held;  // the files' owners
    bool has_file = false;
    for (const std::string& key : *keys) {
        Value value = body.get(js, key);
        if (value.threw()) return false;
        if (const auto* file = script::native_as<FileData>(js, value, api::file_data_class)) {
            fields.push_back({key, {}, file});
            held.push_back(std::move(value));
            has_file = true;
        } else if (!add_value(js, key, value, fields)) {
            return false;
        }
    }
    if (has_file) {
        const std::string boundary = fresh_boundary(Host::of(js));
        ask.request.body = as_multipart(fields, boundary);
        // Whatever the script says of the type, the boundary has to be in it.
        http::remove_header(ask.request.headers, "Content-Type");
        default_content_type(ask, "multipart/form-data; boundary=" + boundary);
    } else {
        ask.request.body = as_form(std::move(fields));
        default_content_type(ask, "application/x-www-form-urlencoded");
    }
    return true;
}

bool compress(Isolate& js, Ask& ask) {
    auto encoded = http::encode_content(ask.compression, std::move(ask.request.body));
    if (!encoded.ok()) {
        script::throw_error(js, script::ErrorKind::type, encoded.error().text);
        return false;
    }
    ask.request.body = std::move(encoded).value();
    http::remove_header(ask.request.headers, "Content-Encoding");
    ask.request.headers.push_back({"Content-Encoding", ask.compression});
    return true;
}

bool expects_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH";
}

}  // namespace

bool read_body(Isolate& js, Ref body, Ask& ask) {
    if (body.is_nullish()) {
        ask.request.has_body = expects_body(ask.request.method);
        return true;
    }
    ask.request.has_body = true;
    if (const auto bytes = body.bytes(js)) {
        ask.request.body.assign(reinterpret_cast<const char*>(bytes->data()),
                                bytes->size());  // NOLINT: bytes
    } else if (body.is_object() && !body.is_array()) {
        if (!read_object(js, body, ask)) return false;
    } else {
        const script::Text text = body.to_text(js);
        if (!text.ok()) return false;
        ask.request.body = text.str();
    }
    return ask.compression.empty() || compress(js, ask);
}

}  // namespace weir::journey
