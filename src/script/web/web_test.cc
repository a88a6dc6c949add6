#include "script/web/web.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/test_files.h"
#include "script/web/form_pairs.h"

namespace weir::script {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

class WebTest : public ::testing::Test {
protected:
    WebTest() { add_web_globals(bindings_); }

    std::string eval(const std::string& body) {
        const TestFiles set{
            {{"/work/main.js", "export default () => {" + body + "}"}}, "main.js", &bindings_};
        return set.run();
    }

    Bindings bindings_;
};

TEST_F(WebTest, UrlIsTakenApart) {
    EXPECT_EQ(eval("const u = new URL('HTTPS://u:p@Example.com:8443/a/../b%20c?x=1&y=2#z');"
                   "return [u.href, u.origin, u.protocol, u.username, u.password, u.host, "
                   "u.hostname, u.port,"
                   " u.pathname, u.search, u.hash].join(' ')"),
              "https://u:p@example.com:8443/b%20c?x=1&y=2#z https://example.com:8443 https: u p "
              "example.com:8443 example.com 8443 /b%20c ?x=1&y=2 #z");
    EXPECT_EQ(
        eval("const u = new URL('http://[::1]:80/'); return [u.host, u.hostname, u.port].join()"),
        "[::1],[::1],");
    EXPECT_EQ(eval("return new URL('../x?q', 'http://h/a/b/c').href + JSON.stringify({ u: new "
                   "URL('http://h') })"),
              "http://h/a/x?q{\"u\":\"http://h/\"}");
    EXPECT_EQ(eval("return String(new URL('mailto:a@b')) + new URL('mailto:a@b').origin"),
              "mailto:a@bnull");
}

TEST_F(WebTest, UrlPartsAreAssigned) {
    EXPECT_EQ(
        eval(
            "const u = new URL('http://h/'); u.protocol = 'https'; u.hostname = 'g'; u.port = 81;"
            "u.pathname = 'a b'; u.search = 'q=1'; u.hash = 'f'; u.username = 'me'; return u.href"),
        "https://me@g:81/a%20b?q=1#f");
    EXPECT_EQ(eval("const u = new URL('http://h/x?y#z'); u.host = 'k:9'; u.search = ''; u.hash = "
                   "''; return u.href"),
              "http://k:9/x");
    EXPECT_EQ(eval("const u = new URL('http://h/'); u.port = 'nonsense'; u.hostname = 'a b'; "
                   "return u.href"),
              "http://h/");
    EXPECT_EQ(eval("const u = new URL('http://h/'); u.href = 'http://i/?a=b'; return "
                   "u.searchParams.get('a')"),
              "b");
    EXPECT_THAT(eval("new URL('http://h/').href = 'nope'"),
                StartsWith("TypeError: Invalid URL 'nope'"));
}

TEST_F(WebTest, UrlsThatAreNoneAreRefused) {
    EXPECT_THAT(eval("new URL('/relative')"), StartsWith("TypeError: Invalid URL '/relative'"));
    EXPECT_THAT(eval("new URL()"), StartsWith("TypeError"));
    EXPECT_EQ(eval("return [URL.canParse('http://x'), URL.canParse('x'), URL.canParse('x', "
                   "'http://y')].join()"),
              "true,false,true");
    EXPECT_THAT(eval("Object.getOwnPropertyDescriptor(URL.prototype, 'href').get.call({})"),
                StartsWith("TypeError"));
}

TEST_F(WebTest, SearchParamsAreReadAndWritten) {
    EXPECT_EQ(eval("const p = new URLSearchParams('?a=1&b=x+y&a=%C3%A9&c');"
                   "return [p.get('a'), p.getAll('a'), p.get('b'), p.get('c'), p.get('d'), "
                   "p.has('a'), p.has('a', '2'), p.size].join('|')"),
              "1|1,é|x y|||true|false|4");
    EXPECT_EQ(eval("const p = new URLSearchParams({ a: 1, b: 'x y&=' }); p.append('a', 'é*-._'); "
                   "return String(p)"),
              "a=1&b=x+y%26%3D&a=%C3%A9*-._");
    EXPECT_EQ(eval("const p = new URLSearchParams([['b', 2], ['a', 1], ['b', 3]]); p.sort(); "
                   "p.set('b', 9); return `${p}`"),
              "a=1&b=9");
    EXPECT_EQ(eval("const p = new URLSearchParams('a=1&a=2&b=3'); p.delete('a', '2'); "
                   "p.delete('b'); return `${p}`"),
              "a=1");
    EXPECT_EQ(eval("return `${new URLSearchParams(new Map([['k', 'v']]))}&${new "
                   "URLSearchParams(new URLSearchParams('x=1'))}`"),
              "k=v&x=1");
}

TEST_F(WebTest, SearchParamsIterate) {
    EXPECT_EQ(eval("const p = new URLSearchParams('a=1&b=2'); let s = '';"
                   "for (const [k, v] of p) s += k + v; p.forEach((v, k, all) => (s += k + v + "
                   "(all === p)));"
                   "return s + [...p.keys()] + [...p.values()] + "
                   "JSON.stringify(Object.fromEntries(p.entries()))"),
              "a1b2a1trueb2truea,b1,2{\"a\":\"1\",\"b\":\"2\"}");
}

TEST_F(WebTest, SearchParamsOfAUrlChangeIt) {
    EXPECT_EQ(eval("const u = new URL('http://h/?a=1'); u.searchParams.append('b', 'x y'); const s "
                   "= u.href;"
                   "u.search = '?c=3'; return s + ' ' + u.searchParams.get('c') + "
                   "u.searchParams.has('a')"),
              "http://h/?a=1&b=x+y 3false");
    EXPECT_EQ(eval("const u = new URL('http://h/?a=1'); u.searchParams.delete('a'); return u.href"),
              "http://h/");
}

TEST_F(WebTest, TextGoesToBytesAndBack) {
    EXPECT_EQ(eval("return [...new TextEncoder().encode('aé€😀')].join()"),
              "97,195,169,226,130,172,240,159,152,128");
    EXPECT_EQ(eval("return new TextDecoder().decode(new TextEncoder().encode('aé€😀'))"), "aé€😀");
    EXPECT_EQ(eval("return new TextEncoder().encode().length + new TextDecoder().decode()"), "0");
    EXPECT_EQ(eval("const b = new Uint8Array(4); const r = new TextEncoder().encodeInto('a€😀', b); "
                   "return r.read + '/' + r.written"),
              "2/4");
    EXPECT_EQ(eval("return new TextDecoder('utf-16le').decode(new Uint8Array([0x61, 0, 0x3d, 0xd8, "
                   "0, 0xde]))"),
              "a😀");
    EXPECT_EQ(eval("return new TextDecoder('latin1').decode(new Uint8Array([0xe9]).buffer)"), "é");
}

TEST_F(WebTest, BadBytesAreReplacedOrRefused) {
    EXPECT_EQ(eval("return new TextDecoder().decode(new Uint8Array([0x61, 0xff, 0x62]))"),
              "a\xef\xbf\xbd"
              "b");
    for (const char* bytes :
         {"0xff", "0xc3", "0xc0, 0x80", "0xed, 0xa0, 0x80", "0xf4, 0x90, 0x80, 0x80"}) {
        EXPECT_THAT(eval("new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([" +
                         std::string(bytes) + "]))"),
                    HasSubstr("not valid"))
            << bytes;
    }
    EXPECT_THAT(eval("new TextDecoder('klingon')"),
                HasSubstr("RangeError: the encoding 'klingon'"));
    EXPECT_THAT(eval("new TextDecoder().decode('text')"), StartsWith("TypeError"));
}

TEST_F(WebTest, CharactersCutByChunksAreJoined) {
    EXPECT_EQ(
        eval("const d = new TextDecoder(); const b = new TextEncoder().encode('x€😀'); let s = '';"
             "for (let i = 0; i < b.length; i++) s += d.decode(b.subarray(i, i + 1), { stream: "
             "true }) + '.';"
             "return s + d.decode()"),
        "x...€....😀.");
    EXPECT_EQ(
        eval("return new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).length"),
        "1");
    EXPECT_EQ(eval("return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new "
                   "Uint8Array([0xef, 0xbb, 0xbf, 0x61])).length"),
              "2");
}

TEST(FormPairs, AreReadAndWritten) {
    EXPECT_THAT(parse_form("a=1&&=x&b&c=d=e&%zz=%4"),
                ElementsAre(Pair("a", "1"), Pair("", "x"), Pair("b", ""), Pair("c", "d=e"),
                            Pair("%zz", "%4")));
    EXPECT_EQ(write_form({{"a b", "c&d"}, {"", ""}}), "a+b=c%26d&=");
}

}  // namespace
}  // namespace weir::script
