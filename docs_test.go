package vtylab_test

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A citation names a page of docs/devices and sections of it: "(ios-cli A4, C1)",
// "ios-ssh-scp 1.2 to 1.4". Without a hyphen the name of a page is a word like
// others and counts behind a parenthesis only.
const (
	section  = `(?:[A-G]?[0-9]+(?:\.[0-9]+)*|[A-G]\b)`
	sections = section + `(?:(?:,| and| to|–) ?` + section + `)*`
)

var (
	citation = regexp.MustCompile(`(\(?)\b([a-z]+(?:-[a-z]+)*)(?:\.md)?` + "`?" + `,? (` + sections + `)`)
	one      = regexp.MustCompile(section)
	heading  = regexp.MustCompile(`(?m)^#+ (?:Appendix )?(` + section + `)(?:\.? |$)`)
	margin   = regexp.MustCompile(`\n\s*(?://|#)?\s*`) // a citation may go on in the next line
)

// Every citation leads to a page and a section of it.
func TestCitations(t *testing.T) {
	pages := devicePages(t)
	n := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return cmp.Or(err, fs.SkipDir)
		}
		if d.IsDir() || !slices.Contains([]string{".go", ".txt", ".md", ".py"}, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range citation.FindAllStringSubmatch(margin.ReplaceAllString(string(text), " "), -1) {
			inside, page := m[1] != "", m[2]
			hyphen := strings.Contains(page, "-")
			has, known := pages[page]
			switch {
			case !inside && !hyphen:
				continue
			case !known && inside && hyphen && filepath.Ext(path) == ".go":
				t.Errorf("%s cites %q: there is no docs/devices/%s.md", path, m[0], page)
				continue
			case !known:
				continue
			}
			for _, s := range one.FindAllString(m[3], -1) {
				if n++; !slices.Contains(has, s) {
					t.Errorf("%s cites %q: docs/devices/%s.md has no section %s", path, m[0], page, s)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 80 {
		t.Errorf("only %d citations were found", n)
	}
}

// devicePages are the pages of docs/devices and the sections of each.
func devicePages(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("docs/devices/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		for _, m := range heading.FindAllStringSubmatch(string(text), -1) {
			pages[name] = append(pages[name], m[1])
		}
	}
	return pages
}
