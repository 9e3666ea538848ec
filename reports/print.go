package reports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"contrastcheck/internal/files"
)

// PDFName is the file that Print writes.
const PDFName = "report.pdf"

// ErrBrowser says that no browser is there to print with.
var ErrBrowser = errors.New("reports: no Chromium or Chrome found to print with")

// ErrPrint says that the browser did not print.
var ErrPrint = errors.New("reports: the browser did not print")

// Browser is the path of the first Chromium or Chrome among the commands of the machine (ErrBrowser).
func Browser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrBrowser
}

// Print writes the page of a folder that Write wrote as report.pdf, whole or not at all. The date and the version of the browser in it are those of the machine; all else depends on
// the page. When ctx ends, so does it, with its error.
func Print(ctx context.Context, folder string) error {
	browser, err := Browser()
	if err != nil {
		return err
	}
	page, err := filepath.Abs(filepath.Join(folder, PageName))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPrint, err)
	}
	own, err := os.MkdirTemp("", "contrastcheck-print-")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrPrint, err)
	}
	defer os.RemoveAll(own)
	printed := filepath.Join(own, PDFName)
	const patience = 2 * time.Minute // a busy machine starts a browser slowly
	limited, stop := context.WithTimeout(ctx, patience)
	defer stop()
	arguments := []string{"--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--user-data-dir=" + filepath.Join(own, "profile"), "--print-to-pdf=" + printed}
	if os.Geteuid() == 0 { // for whom browsers have no sandbox
		arguments = append(arguments, "--no-sandbox")
	}
	command := exec.CommandContext(limited, browser, append(arguments, (&url.URL{Scheme: "file", Path: filepath.ToSlash(page)}).String())...)
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %s: %w", ErrPrint, browser, err)
	}
	text, err := os.ReadFile(printed)
	if err != nil {
		return fmt.Errorf("%w: %s wrote nothing", ErrPrint, browser)
	}
	return files.Write(filepath.Join(folder, PDFName), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
