package soundness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// go generate reaches every package whose tests write golden files.
func TestGenerateReachesEveryGoldenFile(t *testing.T) {
	main, err := os.ReadFile(filepath.Join(root, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	writers := 0
	for _, pattern := range []string{"*/*_test.go", "*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), "flag.Bool("+`"update"`) {
				continue
			}
			writers++
			folder, _ := filepath.Rel(root, filepath.Dir(file))
			parent, _, _ := strings.Cut(folder, "/")
			if updates := string(main); !strings.Contains(updates, " ./"+folder+" ") && !strings.Contains(updates, " ./"+parent+"/... ") {
				t.Errorf("%s writes golden files, and no line of main.go has go generate run its tests", folder)
			}
		}
	}
	if writers == 0 {
		t.Error("no test writes golden files")
	}
}
