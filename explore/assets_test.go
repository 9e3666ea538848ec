package explore_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Made when the site is: WebAssembly and Go's own glue for it.
var madeWithTheSite = []string{"contrastcheck.wasm", "wasm_exec.js"}

// The service worker keeps every file of the page, and nothing else.
func TestServiceWorkerKeepsEveryFile(t *testing.T) {
	list := regexp.MustCompile(`(?s)const FILES = \[(.*?)\];`).FindStringSubmatch(asset(t, "sw.js"))
	if list == nil {
		t.Fatal("no list of files in sw.js")
	}
	var kept []string
	for _, name := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list[1], -1) {
		if name[1] != "./" {
			kept = append(kept, name[1])
		}
	}
	want := slices.Clone(madeWithTheSite)
	for name := range assets(t) {
		if name != "sw.js" {
			want = append(want, name)
		}
	}
	slices.Sort(kept)
	slices.Sort(want)
	if !slices.Equal(kept, want) {
		t.Errorf("sw.js keeps\n%v, the page consists of\n%v", kept, want)
	}
}

// The page obeys its own policy: nothing inline, nothing evaluated, nothing from elsewhere.
func TestAssetsObeyThePolicy(t *testing.T) {
	page := asset(t, "index.html")
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]+)"`).FindStringSubmatch(page)
	if policy == nil || !strings.Contains(policy[1], "default-src 'none'") || strings.Contains(policy[1], "unsafe-inline") || strings.Contains(policy[1], "'unsafe-eval'") {
		t.Errorf("the policy is %q", policy)
	}
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|<script(?:[^>]*)>[^<]`)
	elsewhere := regexp.MustCompile(`(?i)(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}`)
	for name, text := range assets(t) {
		if strings.HasSuffix(name, ".html") && inline.MatchString(text) {
			t.Errorf("%s has something inline: %q", name, inline.FindString(text))
		}
		text = strings.ReplaceAll(text, "http://www.w3.org/", "") // names of XML, which nobody fetches
		if found := elsewhere.FindString(text); found != "" {
			t.Errorf("%s names an address elsewhere: %s", name, found)
		}
		if strings.HasSuffix(name, ".js") && regexp.MustCompile(`\beval\(|new Function|innerHTML|setAttribute\("style"`).MatchString(text) {
			t.Errorf("%s makes code or markup of text", name)
		}
	}
}

func assets(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			continue // what embeds them
		}
		all[e.Name()] = asset(t, e.Name())
	}
	return all
}

func asset(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("assets", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
