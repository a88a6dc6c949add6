// k6/encoding, k6/crypto and the global crypto, against published vectors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journey/testing/bench.h"

namespace weir::journey {
namespace {

using testing::Bench;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

std::string output(const std::string& body) {
    Bench bench(
        "import encoding from 'k6/encoding';\nimport crypto from 'k6/crypto';\n"
        "const web = globalThis.crypto;\nexport default async function () {\n" +
        body + "\n}\n");
    EXPECT_EQ(bench.iterate(), IterationOutcome::completed) << bench.log();
    return bench.console();
}

TEST(Encoding, FourAlphabets) {
    // Source: RFC 4648 §10, and bytes that tell the alphabets apart.
    EXPECT_EQ(output("console.log(['', 'f', 'fo', 'foo', 'foobar'].map((t) => "
                     "encoding.b64encode(t)).join());"),
              ",Zg==,Zm8=,Zm9v,Zm9vYmFy");
    EXPECT_EQ(output("const b = new Uint8Array([251, 255]).buffer; console.log(['std', 'rawstd', "
                     "'url', 'rawurl'].map((e) => encoding.b64encode(b, e)).join());"),
              "+/8=,+/8,-_8=,-_8");
    EXPECT_EQ(
        output("console.log(encoding.b64decode('Zm9vYmFy', 'std', 's'), encoding.b64decode('Zm8', "
               "'rawstd', 's'), new Uint8Array(encoding.b64decode('-_8=', 'url')).join());"),
        "foobar fo 251,255");
    EXPECT_EQ(output("try { encoding.b64decode('Zm9*'); } catch (e) { console.log('refused'); }"),
              "refused");
}

TEST(Crypto, DigestsOfABC) {
    // Source: FIPS 180-4 examples, RFC 1320, RFC 1321, the RIPEMD-160 paper.
    EXPECT_EQ(output("console.log(crypto.md5('abc', 'hex'));"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(output("console.log(crypto.sha1('abc', 'hex'));"),
              "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(output("console.log(crypto.sha256('abc', 'hex'));"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(output("console.log(crypto.sha512_256('abc', 'hex'));"),
              "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
    EXPECT_EQ(output("console.log(crypto.sha384('abc', 'hex').length, crypto.sha512('abc', "
                     "'hex').length, crypto.sha512_224('abc', 'hex').length);"),
              "96 128 56");
    EXPECT_EQ(output("console.log(crypto.ripemd160('abc', 'hex'));"),
              "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    EXPECT_EQ(output("console.log(crypto.md4('abc', 'hex'));"), "a448017aaf21d8525fc10ae87aa6729d");
}

TEST(Crypto, OutputsAndHashersThatGrow) {
    EXPECT_EQ(
        output("const h = crypto.createHash('sha256'); h.update('a'); h.update('bc'); "
               "console.log(h.digest('base64'), h.digest('base64url'), h.digest('base64rawurl'), "
               "h.digest('binary').byteLength);"),
        "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0= ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0= "
        "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0 32");
    EXPECT_EQ(output("console.log(crypto.hexEncode(new Uint8Array([0, 171]).buffer), "
                     "crypto.hexEncode('AB'));"),
              "00ab 4142");
    EXPECT_EQ(output("console.log(crypto.randomBytes(9).byteLength);"), "9");
    EXPECT_EQ(output("try { crypto.createHash('sha3'); } catch (e) { console.log(e.message); }"),
              "invalid algorithm: sha3");
    EXPECT_EQ(output("try { crypto.md5('a', 'octal'); } catch (e) { console.log(e.name); }"),
              "TypeError");
}

TEST(Crypto, HmacOfRfc4231) {
    const char* expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    EXPECT_EQ(
        output(
            "console.log(crypto.hmac('sha256', 'Jefe', 'what do ya want for nothing?', 'hex'));"),
        expected);
    EXPECT_EQ(output("const h = crypto.createHMAC('sha256', 'Jefe'); h.update('what do ya want '); "
                     "h.update('for nothing?'); console.log(h.digest('hex'));"),
              expected);
}

// Figures from OpenSSL's command with its legacy plug-in, which the program does without.
TEST(Crypto, HmacOfMd4) {
    EXPECT_EQ(
        output("console.log(crypto.hmac('md4', 'Jefe', 'what do ya want for nothing?', 'hex'));"),
        "be192c588a8e914d8a59b474a828128f");
    EXPECT_EQ(output("console.log(crypto.hmac('md4', 'k'.repeat(80), 'abc', 'hex'));"),
              "95b86e15502dc9186b79563f605da326");
}

TEST(WebCrypto, RandomValuesAndUuids) {
    EXPECT_EQ(output("const a = new Uint32Array(8); console.log(web.getRandomValues(a) === a, "
                     "a.some((v) => v !== 0));"),
              "true true");
    EXPECT_THAT(
        output("console.log(web.randomUUID());"),
        MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(WebCrypto, SubtleDigestAndHmac) {
    EXPECT_EQ(output("const d = await web.subtle.digest('SHA-256', new Uint8Array([97, 98, 99])); "
                     "console.log(crypto.hexEncode(d).slice(0, 16));"),
              "ba7816bf8f01cfea");
    EXPECT_EQ(output(R"(
        const raw = new Uint8Array([...'Jefe'].map((c) => c.charCodeAt(0)));
        const data = new Uint8Array([...'what do ya want for nothing?'].map((c) => c.charCodeAt(0)));
        const key = await web.subtle.importKey('raw', raw, { name: 'HMAC', hash: { name: 'SHA-256' } }, false, ['sign']);
        const mac = await web.subtle.sign('HMAC', key, data);
        console.log(crypto.hexEncode(mac).slice(0, 16), await web.subtle.verify('HMAC', key, mac, data), await web.subtle.verify('HMAC', key, mac, raw));)"),
              "5bdcc146bf60754e true false");
    EXPECT_THAT(output("try { await web.subtle.generateKey({}, true, []); } catch (e) { "
                       "console.log(e.message); }"),
                HasSubstr("generateKey() is not supported yet"));
}

}  // namespace
}  // namespace weir::journey
