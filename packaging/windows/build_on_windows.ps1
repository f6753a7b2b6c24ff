<#
.SYNOPSIS
  Makes the Windows payload: the frozen program, signed, tried, and packed for the installers and for updates.

.DESCRIPTION
  The one step of a release that needs a Windows machine (64-bit, Python 3.11 to 3.13, git checkout). Nobody has to be
  there: everything comes as a parameter, every failure ends with an exit code. What it leaves in build\release:
    payload.zip                   for packaging/windows/make_installers.py (Linux)
    update\releases\VERSION\…     for packaging/release/publish.py add

.PARAMETER Root       root.json of the release repository; with Url, what the build trusts for updates
.PARAMETER Url        address of the release repository
.PARAMETER Thumbprint SHA-1 of the code-signing certificate in the store (a token's driver puts it there); empty: unsigned
.PARAMETER Timestamp  address of a timestamp service (RFC 3161)
.PARAMETER Since      VERSION=FOLDER of earlier payloads, for smaller updates

.EXAMPLE
  powershell -NonInteractive -File packaging\windows\build_on_windows.ps1 -Root root.json -Url https://… -Thumbprint …
#>
[CmdletBinding()]
param(
    [string] $Python = 'python',
    [string] $Root = '',
    [string] $Url = '',
    [string] $Thumbprint = '',
    [string] $Timestamp = '',
    [string[]] $Since = @()
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
Set-Location (Resolve-Path (Join-Path $PSScriptRoot '..\..'))

function Invoke-Step([string] $Name, [scriptblock] $Step) {
    Write-Output "== $Name"
    & $Step
    if ($LASTEXITCODE -ne 0) { throw "$Name failed ($LASTEXITCODE)" }
}

$version = (Select-String -Path 'autoenroll_desktop\__init__.py' -Pattern '__version__ = "([0-9.]+)"').Matches[0].Groups[1].Value
$bundle = 'build\package\dist\autoenroll-desktop'
$out = 'build\release'
if (Test-Path $out) { Remove-Item -Recurse -Force $out }
New-Item -ItemType Directory -Force -Path $out | Out-Null

$trust = @()
if ($Root -and $Url) { $trust = @('--root', $Root, '--url', $Url) }
Invoke-Step 'Freeze and self-test' { & $Python packaging\dev.py package @trust }

if ($Thumbprint) {
    $stamp = @()
    if ($Timestamp) { $stamp = @('/tr', $Timestamp, '/td', 'sha256') }
    $files = Get-ChildItem -Path $bundle -Recurse -Include *.exe, *.dll, *.pyd |
        Where-Object { (Get-AuthenticodeSignature $_.FullName).Status -eq 'NotSigned' }
    Invoke-Step 'Sign' { & signtool sign /sha1 $Thumbprint /fd sha256 @stamp /d 'AutoEnroll Desktop' @($files.FullName) }
    Invoke-Step 'Verify' { & signtool verify /pa "$bundle\autoenroll-desktop.exe" "$bundle\autoenroll.exe" }
}
Invoke-Step 'Self-test of what was signed' { & "$bundle\autoenroll.exe" selftest }

$earlier = @()
foreach ($one in $Since) { $earlier += @('--since', $one) }
$inside = '.venv\Scripts\python.exe'
Invoke-Step 'Pack for updates' {
    & $inside packaging\release\make_update.py --bundle $bundle --version $version --platform windows-x86_64 --out "$out\update" @earlier
}
Compress-Archive -Path "$bundle\*" -DestinationPath "$out\payload.zip" -CompressionLevel Optimal
Get-FileHash -Algorithm SHA256 "$out\payload.zip" | Format-List
