#include "speech/resolve_recordings.hpp"

#include "speech/recording_id.hpp"
#include "temp_folder.hpp"

#include <feedline/common/errors.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace feedline {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TempFolder;

/// Rows of these ids, of one text.
std::vector<MetadataRow> rows_of(const std::vector<std::string>& ids) {
  std::vector<MetadataRow> rows;
  for (const std::string& id : ids)
    rows.push_back({recording_id(id).value_or("?"), "text", static_cast<std::uint32_t>(rows.size() + 1), ""});
  return rows;
}

ResolvedRows resolve(const TempFolder& folder, const std::vector<MetadataRow>& rows) {
  return resolve_recordings(folder.path(), rows, "metadata.csv");
}

/// "row=path" of each that was found.
std::vector<std::string> found(const TempFolder& folder, const std::vector<std::string>& ids) {
  std::vector<std::string> all;
  for (const ResolvedRow& each : resolve(folder, rows_of(ids)).rows)
    all.push_back(std::to_string(each.row) + "=" + each.path);
  return all;
}

std::string refusal(const TempFolder& folder, const std::vector<MetadataRow>& rows) {
  try {
    resolve(folder, rows);
  } catch (const DataError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ResolveRecordings, AbsolutePathsIntoTheFolder) {
  const TempFolder folder;
  folder.write("wavs/a.wav", "");
  folder.write("b.wav", "");
  const std::string root = folder.path().string();
  EXPECT_THAT(found(folder, {root + "/wavs/a.wav", root + "//./b"}), ElementsAre("0=wavs/a.wav", "1=b.wav"));
  EXPECT_EQ(resolve(folder, rows_of({root + "/wavs/a.wav"})).elsewhere.count, 0u);
  const TempFolder other;
  fs::create_directory_symlink(folder.path(), other / "link");
  EXPECT_EQ(resolve_recordings(other / "link", rows_of({root + "/wavs/a.wav"}), "m").rows.front().path,
            "wavs/a.wav")
      << "the folder's own path, not the one it is reached by";
}

TEST(ResolveRecordings, AGuessIsCountedWithItsFirstExample) {
  const TempFolder folder;
  for (const char* name : {"wavs/a.wav", "wavs/a.flac", "wavs/b.wav", "wavs/b.flac", "wavs/c.wav"})
    folder.write(name, "");
  const ResolvedRows resolved = resolve(folder, rows_of({"c", "a", "/elsewhere/b"}));
  EXPECT_EQ(resolved.rows.size(), 3u);
  EXPECT_EQ(resolved.guessed.text(), "line 2: a, line 3: /elsewhere/b");
  EXPECT_EQ(resolved.example_guessed, "line 2: a is wavs/a.wav, not wavs/a.flac");
  EXPECT_EQ(resolve(folder, rows_of({"a.wav", "a.flac", "/elsewhere/b.wav"})).guessed.count, 0u);
}

TEST(ResolveRecordings, PathsOfAnotherPlace) {
  const TempFolder folder;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    folder.write(std::string("wavs/") + name + ".wav", "");
  const std::vector<std::string> ids = {"/home/other/set/wavs/a.wav",
                                        "C:\\data\\wavs\\b.wav",
                                        "DUMMY1/c.wav",
                                        "D:/e",
                                        "file:///x/f.WAV",
                                        "/gone/x.wav"};
  EXPECT_THAT(found(folder, ids),
              ElementsAre("0=wavs/a.wav", "1=wavs/b.wav", "2=wavs/c.wav", "3=wavs/e.wav", "4=wavs/f.wav"));
  const ResolvedRows resolved = resolve(folder, rows_of(ids));
  EXPECT_EQ(resolved.elsewhere.count, 5u);
  EXPECT_EQ(resolved.example_elsewhere, "line 1: /home/other/set/wavs/a.wav is wavs/a.wav");
  EXPECT_EQ(resolved.missing.count, 1u);
  EXPECT_EQ(resolved.missing.names[0], "/gone/x.wav");
}

TEST(ResolveRecordings, FoldersTellNamesApart) {
  const TempFolder folder;
  folder.write("wavs/p225/001.wav", "");
  folder.write("wavs/p226/001.wav", "");
  EXPECT_THAT(found(folder, {"/x/VCTK/p226/001.wav", "DUMMY2/p225/001"}),
              ElementsAre("0=wavs/p226/001.wav", "1=wavs/p225/001.wav"));
  EXPECT_THAT(refusal(folder, rows_of({"/x/p227/001.wav"})),
              AllOf(HasSubstr("metadata.csv, line 1"), HasSubstr("wavs/p225/001.wav and wavs/p226/001.wav")));
}

TEST(ResolveRecordings, AnotherEndingOfTheSameNameIsNotAmbiguous) {
  const TempFolder folder;
  folder.write("wavs/a.flac", "");
  folder.write("wavs/a.wav", "");
  EXPECT_THAT(found(folder, {"/x/a"}), ElementsAre("0=wavs/a.wav"));
  EXPECT_THAT(found(folder, {"/x/a.flac"}), ElementsAre("0=wavs/a.flac"));
  EXPECT_THAT(found(folder, {"/x/a.mp3"}), ElementsAre("0=wavs/a.wav"));
}

TEST(ResolveRecordings, EndingsTellRecordingsOfOneNameApart) {
  const TempFolder folder;
  folder.write("wavs/a.flac", "");
  folder.write("wavs/a.wav", "");
  EXPECT_THAT(found(folder, {"a.flac", "a.wav"}), ElementsAre("0=wavs/a.flac", "1=wavs/a.wav"));
  const ResolvedRows resolved = resolve(folder, rows_of({"a", "a.flac", "a.wav"}));
  EXPECT_EQ(resolved.rows.size(), 2u);
  EXPECT_EQ(resolved.doubles.names[0], "a.wav");
}

TEST(ResolveRecordings, NothingOutsideOfTheFolderIsTaken) {
  const TempFolder outer;
  outer.write("set/wavs/a.wav", "");
  outer.write("secret.wav", "");
  const ResolvedRows resolved =
      resolve_recordings(outer / "set", rows_of({(outer / "secret.wav").string(), "/etc/passwd"}), "m");
  EXPECT_EQ(resolved.rows.size(), 0u);
  EXPECT_EQ(resolved.missing.count, 2u);
}

TEST(ResolveRecordings, APathOfTheFolderCountsBeforeOneOfAnotherPlace) {
  const TempFolder folder;
  folder.write("wavs/ru/b.wav", "");
  std::vector<MetadataRow> rows = rows_of({"de/b", "ru/b"});
  rows[0].text = "Guten Tag";
  const ResolvedRows resolved = resolve(folder, rows);
  ASSERT_EQ(resolved.rows.size(), 1u);
  EXPECT_EQ(resolved.rows[0].row, 1u);
  EXPECT_EQ(resolved.doubles.names[0], "de/b");
  rows[1].id = "fr/b";
  EXPECT_THAT(refusal(folder, rows), HasSubstr("line 1 names de/b and line 2 fr/b"));
}

TEST(ResolveRecordings, SpellingsOfOneRecordingAreOne) {
  const TempFolder folder;
  folder.write("wavs/A00.wav", "");
  fs::create_symlink("A00.wav", folder / "wavs/link.wav");
  fs::create_hard_link(folder / "wavs/A00.wav", folder / "wavs/hard.wav");
  folder.write("wavs/b.wav", "");
  std::vector<MetadataRow> rows =
      rows_of({"A00", "wavs/A00.wav", "./wavs//A00.wav", "a00", "link", "hard", "wavs/../wavs/A00", "b"});
  rows[4].text = "another";
  const ResolvedRows resolved = resolve(folder, rows);
  ASSERT_EQ(resolved.rows.size(), 2u);
  EXPECT_EQ(resolved.rows[0].path, "wavs/A00.wav");
  EXPECT_EQ(resolved.doubles.count, 6u);
  EXPECT_EQ(resolved.other_text, "line 1 (A00) has \"text\", line 5 (link) \"another\"");
}

TEST(ResolveRecordings, LinksToNothingAreNotOne) {
  const TempFolder folder;
  folder.write("wavs/x.wav", "");
  fs::create_symlink("gone.wav", folder / "wavs/a.wav");
  fs::create_symlink("gone.wav", folder / "wavs/b.wav");
  EXPECT_THAT(found(folder, {"a", "b"}), ElementsAre("0=wavs/a.wav", "1=wavs/b.wav"));
}

TEST(ResolveRecordings, NamesMayBeComposedOtherwiseOnTheDisk) {
  const TempFolder folder;
  folder.write("wavs/e\u0301te\u0301 un.wav", "");
  EXPECT_THAT(found(folder, {"\u00E9t\u00E9 un"}), ElementsAre("0=wavs/e\u0301te\u0301 un.wav"));
  EXPECT_THAT(found(folder, {"\u200F\u00E9t\u00E9 un"}), ElementsAre("0=wavs/e\u0301te\u0301 un.wav"));
  EXPECT_THAT(found(folder, {"/x/\u00E9t\u00E9 un.wav"}), ElementsAre("0=wavs/e\u0301te\u0301 un.wav"));
}

TEST(ResolveRecordings, NamesThatOnlyCaseTellsApartAreRefused) {
  const TempFolder folder;
  folder.write("wavs/ab.wav", "");
  folder.write("wavs/AB.wav", "");
  EXPECT_THAT(found(folder, {"ab", "AB"}), ElementsAre("0=wavs/ab.wav", "1=wavs/AB.wav"));
  EXPECT_THAT(refusal(folder, rows_of({"Ab"})), AllOf(HasSubstr("wavs/AB.wav"), HasSubstr("wavs/ab.wav")));
}

TEST(RecordingId, IsAPathWithoutDetours) {
  EXPECT_EQ(recording_id("a\\b//./c"), "a/b/c");
  EXPECT_EQ(recording_id("/a/../b"), "/b");
  EXPECT_EQ(recording_id("a/../b"), "b");
  EXPECT_EQ(recording_id("..."), "...");
  for (const char* id : {"", ".", "..", "a/..", "a/../..", "/..", "/"})
    EXPECT_EQ(recording_id(id), std::nullopt) << id;
}

}  // namespace
}  // namespace feedline
