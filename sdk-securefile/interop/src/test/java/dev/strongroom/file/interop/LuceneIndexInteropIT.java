// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index in a volume: written, merged, searched, opened again, checked by Lucene's own tool. */
class LuceneIndexInteropIT {

  private static final int DOCUMENTS = 3000;

  private static Document document(int number) {
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(number), Field.Store.YES));
    String words = "entry number " + number + (number % 7 == 0 ? " strongroom" : " elsewhere");
    document.add(new TextField("text", words, Field.Store.YES));
    return document;
  }

  private static int hits(Directory directory, String word) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      return new IndexSearcher(reader).count(new TermQuery(new Term("text", word)));
    }
  }

  @Test
  void anIndexIsWrittenMergedSearchedAndOpenedAgain(@TempDir Path folder) throws IOException {
    try (TestVolume volume = TestVolume.create(folder)) {
      try (Directory directory = new NIOFSDirectory(volume.path("index"))) {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
          for (int i = 0; i < DOCUMENTS; i++) {
            writer.addDocument(document(i));
            if (i % 500 == 499) {
              writer.commit();
            }
          }
          assertThatThrownBy(() -> new IndexWriter(directory, new IndexWriterConfig()))
              .isInstanceOf(LockObtainFailedException.class);
          for (int i = 0; i < DOCUMENTS; i += 14) {
            writer.updateDocument(new Term("id", Integer.toString(i)), document(i + 1));
          }
          writer.forceMerge(1);
        }
        assertThat(hits(directory, "strongroom")).isEqualTo(DOCUMENTS / 7 + 1 - 215);
      }
      volume.reopen();
      try (Directory directory = new NIOFSDirectory(volume.path("index"))) {
        assertThat(hits(directory, "strongroom")).isEqualTo(DOCUMENTS / 7 + 1 - 215);
        assertThat(hits(directory, "entry")).isEqualTo(DOCUMENTS);
        try (CheckIndex check = new CheckIndex(directory)) {
          assertThat(check.checkIndex().clean).isTrue();
        }
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes.contains("elsewhere")).as("a word of the index in %s", file).isFalse();
      }
    }
  }
}
