package reports_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"contrastcheck/reports"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "folder for screenshots of the page")

// The pages open in Chromium, in light, in the dark and at phone width, without a console
// error and without overflow to the side. -screenshots keeps what they look like.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is started")
	}
	t.Run("claims", func(t *testing.T) {
		browse(t, all(t).Page(), 20, 20, "header", "#counterexample", "#atlas", "#chapter-kept", "#chapter-negatives", "#chapter-losses", "#chapter-own", "#clip-containment-every-pair",
			"#two-clusters", "#iris", "#tools", "#words", "#made")
	})
	t.Run("few", func(t *testing.T) {
		browse(t, gather(t, "equality", "equality-centred", "svd-shared", "equality-line", "convexity").Page(), 10, 5, "#counterexample", "#atlas")
	})
	t.Run("mixture", func(t *testing.T) {
		browse(t, irisReport(t).Page(), 4, 0, "header", "#verdicts", "#kept", "#where", "#proof", "#projections", "#data", "#words", "#made")
	})
}

// A page of more bytes is not audited: that takes a minute. Its kinds of parts are those of a smaller one.
const mostAudited = 1 << 19

// browse opens a page that has so many figures and formulas at least; parts are photographed.
func browse(t *testing.T, written []byte, figures, formulas int, parts ...string) {
	t.Helper()
	browser, err := reports.Browser()
	if err != nil {
		t.Skip("no Chromium or Chrome on this machine: the page is not opened")
	}
	path := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(path, written, 0o644); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	for _, view := range []struct {
		name, scheme  string
		width, height int64
		mobile        bool
	}{
		{"light", "light", 1280, 900, false},
		{"dark", "dark", 1280, 900, false},
		{"phone", "light", 360, 740, true},
		{"phone-dark", "dark", 360, 740, true},
	} {
		t.Run(view.name, func(t *testing.T) {
			tab, stop := chromedp.NewContext(allocator)
			defer stop()
			const patience = 2 * time.Minute // a busy machine starts a browser slowly
			tab, stop = context.WithTimeout(tab, patience)
			defer stop()
			var lock sync.Mutex
			var complaints []string
			err := chromedp.Listen(tab, func(event any) {
				lock.Lock()
				defer lock.Unlock()
				switch e := event.(type) {
				case *runtime.EventExceptionThrown:
					complaints = append(complaints, e.ExceptionDetails.Text)
				case *runtime.EventConsoleAPICalled:
					complaints = append(complaints, "console."+string(e.Type))
				case *log.EventEntryAdded:
					complaints = append(complaints, e.Entry.Text)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			scheme := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: view.scheme}}}
			if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, scheme); err != nil {
				t.Fatal(err)
			}
			var options []chromedp.EmulateViewportOption
			if view.mobile {
				options = append(options, chromedp.EmulateMobile)
			}
			if err := chromedp.Do(tab, chromedp.EmulateViewport(view.width, view.height, options...), chromedp.Navigate("file://"+path)); err != nil {
				t.Fatal(err)
			}
			opened, err := chromedp.Run(tab, chromedp.Evaluate[struct {
				Width, Client, Figures, Broken, Mathematics int
				Page                                        string
			}](`document.querySelectorAll("details").forEach(d => d.open = true); ({
				Width: document.documentElement.scrollWidth, Client: document.documentElement.clientWidth,
				Figures: document.querySelectorAll("figure svg").length,
				Broken: [...document.querySelectorAll("figure svg")].filter(s => s.getBoundingClientRect().height < 50).length,
				Mathematics: [...document.querySelectorAll("math")].filter(m => m.getBoundingClientRect().width > 5).length,
				Page: getComputedStyle(document.body).backgroundColor})`))
			if err != nil {
				t.Fatal(err)
			}
			if opened.Width > opened.Client {
				t.Errorf("the page is %d pixels wide in a window of %d", opened.Width, opened.Client)
			}
			if opened.Figures < figures || opened.Broken > 0 || opened.Mathematics < formulas {
				t.Errorf("%d figures, of which %d have no height, and %d formulas; want at least %d and %d, all visible",
					opened.Figures, opened.Broken, opened.Mathematics, figures, formulas)
			}
			if white := opened.Page == "rgb(255, 255, 255)"; white != (view.scheme == "light") {
				t.Errorf("the page is %s", opened.Page)
			}
			if view.name == "light" {
				choose(t, tab)
				printedWhole(t, tab)
			}
			if audited := len(written) < mostAudited; audited && view.scheme == "dark" {
				audit(t, tab)
			}
			lock.Lock()
			said := complaints
			lock.Unlock()
			for _, c := range said {
				t.Errorf("the console says: %s", c)
			}
			if *screenshots != "" {
				photograph(t, tab, strings.ReplaceAll(strings.TrimPrefix(t.Name(), "TestPageInBrowser/"), "/", "-"), parts)
			}
		})
	}
}

// choose filters and sorts the table of claims, if the page has one, by what a reader clicks.
func choose(t *testing.T, tab context.Context) {
	t.Helper()
	type row struct{ Name, Outcome string }
	rows := func(click string) []row {
		t.Helper()
		seen, err := chromedp.Run(tab, chromedp.Evaluate[[]row](`document.getElementById("`+click+`").click();
			[...document.querySelectorAll(".sorted tbody tr")].filter(r => r.checkVisibility()).map(r => ({y: r.getBoundingClientRect().y, Name: r.cells[0].innerText, Outcome: r.className}))
				.sort((a, b) => a.y - b.y)`))
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	has, err := chromedp.Run(tab, chromedp.Evaluate[bool](`document.querySelector(".sorted") != null`))
	if err != nil {
		t.Fatal(err)
	}
	if !has {
		return
	}
	whole := rows("show-all")
	named := rows("sort-name")
	if !slices.IsSortedFunc(named, func(a, b row) int { return strings.Compare(a.Name, b.Name) }) || len(named) != len(whole) || slices.Equal(whole, named) {
		t.Errorf("sorted by name: %v", named)
	}
	if byOutcome := rows("sort-outcome"); !slices.Equal(byOutcome, whole) {
		t.Errorf("sorted by outcome again: %v", byOutcome)
	}
	refuted := rows("show-refuted")
	if len(refuted) == 0 || len(refuted) >= len(whole) || slices.ContainsFunc(refuted, func(r row) bool { return r.Outcome != "found-refuted" }) {
		t.Errorf("filtered: %v", refuted)
	}
	if holds := rows("show-holds"); len(holds)+len(refuted)+len(rows("show-undecided")) != len(whole) {
		t.Errorf("%d hold and %d are refuted of %d", len(holds), len(refuted), len(whole))
	}
	rows("show-all")
}

// printedWhole prints the page: few sheets, with every column of every table.
func printedWhole(t *testing.T, tab context.Context) {
	t.Helper()
	const sheets = 15
	asked := true
	headings, err := chromedp.Run(tab, chromedp.Evaluate[[]string](`document.querySelectorAll("details").forEach(d => d.open = false);
		[...document.querySelectorAll("table")].filter(t => !t.closest("details:not(.printed)")).flatMap(t => {
			const names = [...t.querySelectorAll("thead th")].map(h => h.textContent);
			return t.matches(".atlas") ? names.flatMap(n => n.split(" ")) : [names.join("")]; // those of an atlas take several lines
		})`))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := chromedp.Call(tab, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &asked})
	if err != nil {
		t.Fatal(err)
	}
	text := sheet.Data
	if n := bytes.Count(text, []byte("/Type /Page\n")); n < 1 || n > sheets {
		t.Errorf("printed on %d sheets, want %d at most", n, sheets)
	}
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("no pdftotext on this machine: the words on paper are not read")
		return
	}
	read := exec.Command(reader, "-layout", "-", "-")
	read.Stdin = bytes.NewReader(text)
	words, err := read.Output()
	if err != nil {
		t.Fatal(err)
	}
	plain := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "-\n", "-")), "") }
	wanted := map[string]int{} // tables that have the same headings
	for _, heading := range headings {
		heading = plain(heading)
		if wanted[heading]++; strings.Count(plain(string(words)), heading) < wanted[heading] {
			t.Errorf("the columns %q are not on paper", heading)
		}
	}
	if len(headings) < 3 {
		t.Errorf("only %d rows of headings", len(headings))
	}
}

// audit runs axe-core, which has its own licence beside it, without the insides of figures.
func audit(t *testing.T, tab context.Context) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Skip("no axe-core: the page is not audited")
	}
	if _, err := chromedp.Run(tab, chromedp.Evaluate[any](string(source)+`;0`)); err != nil {
		t.Fatal(err)
	}
	type violation struct{ ID, Impact, Help, Where string }
	found, err := chromedp.Run(tab, chromedp.Evaluate[[]violation](`document.querySelectorAll("svg > *").forEach(e => e.remove()); axe.run(document, {preload: false, resultTypes: ["violations"]}).then(r => r.violations
		.filter(v => v.impact == "serious" || v.impact == "critical").map(v => ({ID: v.id, Impact: v.impact, Help: v.help, Where: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" ")})))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Errorf("%s (%s): %s: %s", v.ID, v.Impact, v.Help, v.Where)
	}
}

// photograph keeps screenshots of parts of the page.
func photograph(t *testing.T, tab context.Context, view string, parts []string) {
	t.Helper()
	for _, part := range parts {
		picture, err := chromedp.Run(tab, chromedp.Screenshot(chromedp.CSS(part)))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(*screenshots, view+"-"+strings.TrimPrefix(part, "#")+".png")
		if err := os.WriteFile(name, picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
