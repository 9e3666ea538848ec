package reports_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The page is one file: nothing is loaded from elsewhere, and there are no scripts.
func TestPageIsSelfContained(t *testing.T) {
	seen := 0
	for n := range parse(t).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		seen++
		if slices.Contains([]string{"script", "iframe", "object", "embed", "img", "base"}, n.Data) {
			t.Errorf("the page has a %s", n.Data)
		}
		for _, a := range n.Attr {
			loads := a.Key == "src" || a.Key == "srcset" || a.Key == "href" || a.Key == "xlink:href" || a.Key == "action"
			if loads && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," {
				t.Errorf("%s %s=%q is outside the page", n.Data, a.Key, a.Val)
			}
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") {
				t.Errorf("%s %s=%q", n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "style" && (strings.Contains(text(n), "@import") || strings.Contains(text(n), "url(")) {
			t.Error("the style loads something")
		}
	}
	if seen < 1000 {
		t.Errorf("the page has %d elements only", seen)
	}
}

// Who can't see the figures gets words; who can't use a mouse gets everywhere.
func TestPageIsAccessible(t *testing.T) {
	root := parse(t)
	ids := map[string]bool{}
	level, headings, figures := 0, 0, 0
	for n := range root.Descendants() {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %q occurs twice", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4":
			next := int(n.Data[1] - '0')
			if next > level+1 {
				t.Errorf("the heading %q of level %d follows one of level %d", text(n), next, level)
			}
			if text(n) == "" {
				t.Error("an empty heading")
			}
			level = next
			headings++
		case "figure":
			figures++
			drawing, caption := find(n, "svg"), find(n, "figcaption")
			if drawing == nil || attribute(drawing, "role") != "img" || len(attribute(drawing, "aria-label")) < 30 {
				t.Errorf("the figure %q has no text alternative", attribute(n, "id"))
			}
			if caption == nil || text(caption) == "" {
				t.Errorf("the figure %q has no caption", attribute(n, "id"))
			}
		case "th":
			if attribute(n, "scope") == "" {
				t.Errorf("the heading %q of a table does not say of what", text(n))
			}
		}
		if attribute(n, "role") == "region" && (attribute(n, "tabindex") != "0" || attribute(n, "aria-label") == "") {
			t.Errorf("a region that scrolls needs a name and a place in the order of tabs: %v", n.Attr)
		}
	}
	if headings < 30 || figures < 40 {
		t.Errorf("%d headings and %d figures, want at least 30 and 40", headings, figures)
	}
	for n := range root.Descendants() {
		if target, inside := strings.CutPrefix(attribute(n, "href"), "#"); inside && !ids[target] {
			t.Errorf("a link leads to #%s, which is not there", target)
		}
	}
	if attribute(find(root, "html"), "lang") == "" || text(find(root, "title")) == "" {
		t.Error("the page has no language or no title")
	}
}

// Standalone figures are XML that other programs read.
func TestFiguresAreXML(t *testing.T) {
	figures := all(t).Figures()
	for _, f := range figures {
		decoder := xml.NewDecoder(strings.NewReader(f.Standalone()))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", f.ID, err)
				break
			}
		}
	}
	if len(figures) < 40 {
		t.Errorf("%d figures only", len(figures))
	}
}

func parse(t *testing.T) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(all(t).Page()))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func find(n *html.Node, tag string) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			return d
		}
	}
	return nil
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}
