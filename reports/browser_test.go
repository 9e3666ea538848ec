package reports_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
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
		browse(t, all(t).Page(), 20, 20, "header", "#glance", "#claims", "#containment", "#equality", "#equality-centred", "#equality-biased", "#clip-containment-every-pair",
			"#two-clusters", "#parallel-pancakes", "#iris", "#words", "#made")
	})
	t.Run("mixture", func(t *testing.T) {
		browse(t, irisReport(t).Page(), 4, 0, "header", "#verdicts", "#kept", "#where", "#proof", "#projections", "#data", "#words", "#made")
	})
}

// browse opens a page that has so many figures and formulas at least; parts are photographed.
func browse(t *testing.T, page []byte, figures, formulas int, parts ...string) {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium or Chrome on this machine: the page is not opened")
	}
	path := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
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
