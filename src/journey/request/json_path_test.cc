#include "journey/request/json_path.h"

#include <string>

#include <gtest/gtest.h>

namespace weir::journey {
namespace {

class JsonPath : public ::testing::Test {
protected:
    /// JSON text of what is selected; "undefined" when there is nothing.
    std::string select(std::string_view path) {
        const script::Isolate::Entry entry = isolate_.enter();
        const script::Value parsed = script::parse_json(isolate_, document_);
        const script::Value found = select_json(isolate_, parsed, path);
        if (found.is_undefined()) return "undefined";
        return script::stringify_json(isolate_, found).to_text(isolate_).str();
    }

    std::string document_ = R"({
        "name": {"first": "Tom", "last": "Anderson"},
        "age": 37,
        "children": ["Sara", "Alex", "Jack"],
        "fav.movie": "Deer Hunter",
        "friends": [
            {"first": "Dale", "last": "Murphy", "age": 44, "nets": ["ig", "fb", "tw"]},
            {"first": "Roger", "last": "Craig", "age": 68, "nets": ["fb", "tw"]},
            {"first": "Jane", "last": "Murphy", "age": 47, "nets": ["ig", "tw"]}
        ]})";
    script::Bindings bindings_;
    script::Isolate isolate_{bindings_, {}, {}, nullptr};
};

TEST_F(JsonPath, MembersAndElements) {
    EXPECT_EQ(select("name.last"), "\"Anderson\"");
    EXPECT_EQ(select("age"), "37");
    EXPECT_EQ(select("children.1"), "\"Alex\"");
    EXPECT_EQ(select("friends.1.nets.0"), "\"fb\"");
    EXPECT_EQ(select("name"), R"({"first":"Tom","last":"Anderson"})");
}

TEST_F(JsonPath, WhatIsNotThereIsUndefined) {
    EXPECT_EQ(select("name.middle"), "undefined");
    EXPECT_EQ(select("children.7"), "undefined");
    EXPECT_EQ(select("age.years"), "undefined");
    EXPECT_EQ(select("constructor"), "undefined");
    EXPECT_EQ(select("children.x"), "undefined");
}

TEST_F(JsonPath, DotsInNamesAreEscaped) {
    EXPECT_EQ(select("fav\\.movie"), "\"Deer Hunter\"");
}

TEST_F(JsonPath, LengthAndEachElement) {
    EXPECT_EQ(select("children.#"), "3");
    EXPECT_EQ(select("friends.#.first"), R"(["Dale","Roger","Jane"])");
    EXPECT_EQ(select("friends.#.nets.#"), "[3,2,2]");
    EXPECT_EQ(select("friends.#.missing"), "[]");
}

TEST_F(JsonPath, Queries) {
    EXPECT_EQ(select(R"(friends.#(last=="Murphy").first)"), "\"Dale\"");
    EXPECT_EQ(select(R"(friends.#(last=="Murphy")#.first)"), R"(["Dale","Jane"])");
    EXPECT_EQ(select("friends.#(age>45)#.last"), R"(["Craig","Murphy"])");
    EXPECT_EQ(select("friends.#(age>=68).first"), "\"Roger\"");
    EXPECT_EQ(select(R"(friends.#(first%"D*").last)"), "\"Murphy\"");
    EXPECT_EQ(select(R"(friends.#(first!%"D*").last)"), "\"Craig\"");
    EXPECT_EQ(select(R"(friends.#(nets.#(=="fb"))#.first)"), R"(["Dale","Roger"])");
    EXPECT_EQ(select(R"(children.#(!="Sara"))"), "\"Alex\"");
    EXPECT_EQ(select(R"(friends.#(last=="Nobody").first)"), "undefined");
}

TEST_F(JsonPath, Wildcards) {
    EXPECT_EQ(select("child*.2"), "\"Jack\"");
    EXPECT_EQ(select("c?ildren.0"), "\"Sara\"");
}

TEST_F(JsonPath, StrangePathsSelectNothing) {
    for (const char* path :
         {"", ".", "..", "#", "friends.#(", "friends.#()", "friends.#(age>)", "a\\"}) {
        static_cast<void>(select(path));  // no crash, no exception left behind
    }
    EXPECT_EQ(select("age"), "37");
}

}  // namespace
}  // namespace weir::journey
