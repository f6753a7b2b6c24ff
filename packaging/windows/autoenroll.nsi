; The installation for one person, without administrator rights:  AutoEnroll-Desktop-Setup.exe /S
; Switches: /S silent, /D=C:\folder (last, without quotes) another folder. Exit 0 done, 1 cancelled, 2 failed.
; Defined by make_installers.py: VERSION PAYLOAD SCOPE ICON OUT, and SIGN where a signing command is given.
Unicode true
Target amd64-unicode ; the program is 64-bit as well
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetCompressorDictSize 64
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define NAME "AutoEnroll Desktop"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\AutoEnrollDesktop"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\AutoEnroll Desktop"
InstallDirRegKey HKCU "Software\AutoEnroll\Desktop" "Folder"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "CompanyName" "AutoEnroll"
VIAddVersionKey "LegalCopyright" "AutoEnroll"
!ifdef SIGN
  !uninstfinalize '${SIGN}' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\autoenroll-desktop.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Irish"

Section "Program"
  ; an older program of ours in the same folder goes first, so that no file of it stays behind
  IfFileExists "$INSTDIR\installed.json" 0 +2
    RMDir /r "$INSTDIR"
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  File "/oname=installed.json" "${SCOPE}"
  IfErrors 0 +3
    SetErrorLevel 2
    Abort "The files could not be written. Close AutoEnroll Desktop and try again."
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\autoenroll-desktop.exe"

  WriteRegStr HKCU "Software\AutoEnroll\Desktop" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "AutoEnroll"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\autoenroll-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"

  ; "Open with"; the default program for these files stays what it was
  WriteRegStr HKCU "Software\Classes\AutoEnroll.PayFile" "" "Payroll file"
  WriteRegStr HKCU "Software\Classes\AutoEnroll.PayFile\DefaultIcon" "" "$INSTDIR\autoenroll-desktop.exe,0"
  WriteRegStr HKCU "Software\Classes\AutoEnroll.PayFile\shell\open\command" "" '"$INSTDIR\autoenroll-desktop.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\.csv\OpenWithProgids" "AutoEnroll.PayFile" ""
  WriteRegStr HKCU "Software\Classes\.xlsx\OpenWithProgids" "AutoEnroll.PayFile" ""
  WriteRegStr HKCU "Software\Classes\.xls\OpenWithProgids" "AutoEnroll.PayFile" ""
  WriteRegStr HKCU "Software\Classes\.xml\OpenWithProgids" "AutoEnroll.PayFile" ""
  WriteRegStr HKCU "Software\Classes\.json\OpenWithProgids" "AutoEnroll.PayFile" ""
SectionEnd

Section "Uninstall"
  ; what the person keeps in %LOCALAPPDATA%\AutoEnroll Desktop is theirs and stays, but for versions that updates brought
  IfFileExists "$INSTDIR\installed.json" 0 +2
    RMDir /r "$INSTDIR"
  RMDir /r "$LOCALAPPDATA\AutoEnroll Desktop\updates"
  RMDir /r "$SMPROGRAMS\${NAME}"
  DeleteRegKey HKCU "Software\Classes\AutoEnroll.PayFile"
  DeleteRegValue HKCU "Software\Classes\.csv\OpenWithProgids" "AutoEnroll.PayFile"
  DeleteRegValue HKCU "Software\Classes\.xlsx\OpenWithProgids" "AutoEnroll.PayFile"
  DeleteRegValue HKCU "Software\Classes\.xls\OpenWithProgids" "AutoEnroll.PayFile"
  DeleteRegValue HKCU "Software\Classes\.xml\OpenWithProgids" "AutoEnroll.PayFile"
  DeleteRegValue HKCU "Software\Classes\.json\OpenWithProgids" "AutoEnroll.PayFile"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\AutoEnroll\Desktop"
SectionEnd
