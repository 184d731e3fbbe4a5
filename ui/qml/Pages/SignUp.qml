pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Theme
import Controls
import StoreGuide

// Phone first: the local duplicate shows at once, then the form, consents item by item.
Item {
    id: page

    required property SignUpViewModel model
    required property bool portrait

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.s24
        anchors.rightMargin: Theme.s24
        anchors.bottomMargin: Theme.s24
        columns: page.portrait ? 1 : 2
        columnSpacing: Theme.s16
        rowSpacing: Theme.s12

        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true

            Flickable {
                id: view

                anchors.fill: parent
                anchors.margins: Theme.s20
                contentHeight: Math.max(form.implicitHeight, height)
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                ColumnLayout {
                    id: form

                    width: view.width
                    height: view.contentHeight
                    spacing: Theme.s16

                    InputField {
                        id: phone

                        objectName: "phone"
                        Layout.fillWidth: true
                        big: true
                        label: qsTr("Phone number")
                        hint: qsTr("The customer's mobile number")
                        text: page.model.phone
                        problem: page.model.duplicate ? qsTr("This number has a member already") : page.model.problems.phone ?? ""
                        inputMethodHints: Qt.ImhDialableCharactersOnly
                        maximumLength: 32
                        onEdited: text => page.model.setPhone(text)
                        Component.onCompleted: input.forceActiveFocus()
                    }
                    RowLayout {
                        objectName: "phone-good"
                        Layout.fillWidth: true
                        visible: page.model.phoneGood
                        spacing: Theme.s8

                        Icon {
                            name: "circle-check"
                            size: 20
                            tone: Theme.good
                        }
                        Words {
                            Layout.fillWidth: true
                            text: qsTr("%1 is not a member of this shop yet").arg(page.model.phoneShown)
                            color: Theme.good
                            wrapMode: Text.WordWrap
                        }
                    }
                    Divider {
                        Layout.fillWidth: true
                    }
                    GridLayout {
                        id: who

                        Layout.fillWidth: true
                        Layout.fillHeight: false
                        opacity: page.model.duplicate ? Theme.disabled : 1
                        enabled: !page.model.duplicate
                        columns: 2
                        columnSpacing: Theme.s16
                        rowSpacing: Theme.s12
                        uniformCellWidths: true

                        InputField {
                            objectName: "name"
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            label: qsTr("Name")
                            hint: qsTr("As the customer says it")
                            text: page.model.name
                            problem: page.model.problems.name ?? ""
                            maximumLength: 120
                            onEdited: text => page.model.setField("name", text)
                        }
                        InputField {
                            objectName: "birthday"
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            label: qsTr("Birthday (optional)")
                            hint: qsTr("Month-day, 05-20")
                            text: page.model.birthday
                            problem: page.model.problems.birthday ?? ""
                            maximumLength: 10
                            onEdited: text => page.model.setField("birthday", text)
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            spacing: 6

                            Words {
                                text: qsTr("Gender (optional)")
                                size: Theme.caption
                                color: Theme.ink2
                            }
                            Segmented {
                                Layout.fillWidth: true
                                name: qsTr("Gender (optional)")
                                current: page.model.gender
                                model: [
                                    {key: "", label: qsTr("Not told")},
                                    {key: "f", label: qsTr("Woman")},
                                    {key: "m", label: qsTr("Man")}
                                ]
                                onChosen: key => page.model.setField("gender", key)
                            }
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            Layout.alignment: Qt.AlignTop
                            spacing: Theme.s4

                            InputField {
                                objectName: "referrer"
                                Layout.fillWidth: true
                                label: qsTr("Sent by (optional)")
                                hint: qsTr("A member's phone or number")
                                text: page.model.referrer
                                maximumLength: 120
                                onEdited: text => page.model.setField("referrer", text)
                            }
                            Words {
                                objectName: "referrer-found"
                                Layout.fillWidth: true
                                visible: text !== ""
                                text: page.model.referrerFound
                                size: Theme.caption
                                color: page.model.referrerKnown ? Theme.good : Theme.ink2
                                wrapMode: Text.WordWrap
                            }
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            Layout.columnSpan: 2
                            spacing: 6

                            Words {
                                text: qsTr("How they came")
                                size: Theme.caption
                                color: Theme.ink2
                            }
                            Flow {
                                Layout.fillWidth: true
                                spacing: Theme.s8

                                Repeater {
                                    model: page.model.sources

                                    FilterChip {
                                        required property string key
                                        required property string label
                                        required property bool selected

                                        text: label
                                        chosen: selected
                                        onClicked: page.model.setField("source", key)
                                    }
                                }
                            }
                        }
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        visible: touchPoints.count > 0
                        spacing: 6

                        Words {
                            text: qsTr("What brought them")
                            size: Theme.caption
                            color: Theme.ink2
                        }
                        Flow {
                            Layout.fillWidth: true
                            spacing: Theme.s8

                            Repeater {
                                id: touchPoints

                                model: page.model.touchPoints

                                FilterChip {
                                    required property string key
                                    required property string label
                                    required property bool selected

                                    objectName: "touch-" + key
                                    text: label
                                    chosen: selected
                                    onClicked: page.model.setField("touch_point", selected ? "" : key)
                                }
                            }
                        }
                    }
                    RowLayout {
                        objectName: "gift"
                        Layout.fillWidth: true
                        visible: page.model.giftName !== ""
                        spacing: Theme.s12

                        Words {
                            Layout.fillWidth: true
                            text: qsTr("Sign-up gift handed over: %1").arg(page.model.giftName)
                            wrapMode: Text.WordWrap
                        }
                        Toggle {
                            objectName: "give-gift"
                            name: qsTr("Sign-up gift handed over: %1").arg(page.model.giftName)
                            on: page.model.giftGiven
                            onAsked: on => page.model.giveGift(on)
                        }
                    }
                    Item {
                        Layout.fillHeight: true
                    }
                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.s8

                        Icon {
                            name: "shield-check"
                            size: 18
                            tone: Theme.ink3
                        }
                        Words {
                            Layout.fillWidth: true
                            text: qsTr("Each answer is kept with its day and the version of the words; the customer may change it any time.")
                            size: Theme.caption
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                    }
                }
            }
        }
        ColumnLayout {
            Layout.preferredWidth: page.portrait ? -1 : 456
            Layout.fillWidth: page.portrait
            Layout.fillHeight: !page.portrait
            Layout.preferredHeight: page.portrait ? page.height * 0.42 : -1
            spacing: Theme.s12

            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: page.model.duplicate
                selected: true

                ColumnLayout {
                    anchors.fill: parent
                    anchors.margins: Theme.s20
                    spacing: Theme.s16

                    Flow {
                        Layout.fillWidth: true
                        spacing: Theme.s12

                        Words {
                            width: Math.min(implicitWidth, parent.width)
                            text: qsTr("They are a member already")
                            size: Theme.strong
                            bold: true
                            wrapMode: Text.WordWrap
                        }
                        Tag {
                            text: qsTr("found on this tablet")
                            tone: "good"
                            symbol: "check"
                        }
                    }
                    RowLayout {
                        Layout.fillWidth: true
                        spacing: Theme.s16

                        Avatar {
                            name: page.model.duplicateName
                            personId: page.model.duplicateId
                            size: 72
                        }
                        ColumnLayout {
                            Layout.fillWidth: true
                            spacing: Theme.s4

                            Words {
                                Layout.fillWidth: true
                                text: page.model.duplicateName
                                size: Theme.title
                                bold: true
                                wrapMode: Text.Wrap
                            }
                            Words {
                                Layout.fillWidth: true
                                text: page.model.duplicateDetail
                                color: Theme.ink2
                                wrapMode: Text.Wrap
                            }
                        }
                    }
                    Rectangle {
                        Layout.fillWidth: true
                        implicitHeight: advice.implicitHeight + 2 * Theme.s16
                        radius: Theme.radiusControl
                        color: Theme.surface

                        Words {
                            id: advice

                            anchors.left: parent.left
                            anchors.right: parent.right
                            anchors.verticalCenter: parent.verticalCenter
                            anchors.margins: Theme.s16
                            text: qsTr("Open this member and go on from there. If the customer says it is somebody else, read the number back to them.")
                            color: Theme.ink2
                            wrapMode: Text.WordWrap
                        }
                    }
                    Item {
                        Layout.fillHeight: true
                    }
                }
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !page.model.duplicate

                ColumnLayout {
                    anchors.fill: parent
                    anchors.margins: Theme.s20
                    spacing: Theme.s8

                    Words {
                        text: qsTr("Ask for each, one by one")
                        size: Theme.strong
                        bold: true
                    }
                    Words {
                        visible: text !== ""
                        Layout.fillWidth: true
                        text: page.model.problems.consents ?? ""
                        color: Theme.warn
                        wrapMode: Text.WordWrap
                    }
                    ListView {
                        id: consents

                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        clip: true
                        spacing: Theme.s8
                        model: page.model.policies
                        onFooterItemChanged: Qt.callLater(positionViewAtEnd)
                        footer: page.model.signatureAsked ? pad : null
                        boundsBehavior: Flickable.StopAtBounds
                        reuseItems: true

                        Component {
                            id: pad

                            SignaturePad {
                                objectName: "signature"
                                width: consents.width
                                strokes: page.model.strokes
                                onDrawn: strokes => page.model.sign(strokes)
                            }
                        }

                        delegate: Rectangle {
                            id: policy

                            required property string key
                            required property string title
                            required property string text
                            required property string other
                            required property string version
                            required property bool required
                            property bool both: false

                            ListView.onReused: both = false
                            required property string answer

                            width: consents.width
                            implicitHeight: terms.implicitHeight + 24
                            height: implicitHeight
                            radius: Theme.radiusControl
                            color: Theme.surface

                            ColumnLayout {
                                id: terms

                                anchors.fill: parent
                                anchors.margins: Theme.s12
                                spacing: Theme.s4

                                RowLayout {
                                    spacing: Theme.s8

                                    Words {
                                        Layout.fillWidth: true
                                        text: policy.title
                                        bold: true
                                        wrapMode: Text.WordWrap
                                    }
                                    Tag {
                                        text: policy.required ? qsTr("needed") : ""
                                        tone: "warn"
                                    }
                                    IconButton {
                                        objectName: "words-" + policy.key
                                        symbol: policy.both ? "chevron-up" : "chevron-down"
                                        name: qsTr("%1: the words in both languages").arg(policy.title)
                                        onClicked: policy.both = !policy.both
                                    }
                                }
                                Words {
                                    Layout.fillWidth: true
                                    text: policy.text
                                    size: Theme.caption
                                    color: Theme.ink2
                                    wrapMode: Text.WordWrap
                                }
                                Words {
                                    Layout.fillWidth: true
                                    visible: policy.both
                                    text: policy.other
                                    size: Theme.caption
                                    color: Theme.ink2
                                    wrapMode: Text.WordWrap
                                }
                                Words {
                                    Layout.fillWidth: true
                                    visible: policy.both
                                    text: qsTr("Version %1").arg(policy.version)
                                    size: Theme.caption
                                    color: Theme.ink3
                                    wrapMode: Text.WordWrap
                                }
                                Segmented {
                                    Layout.fillWidth: true
                                    objectName: "consent-" + policy.key
                                    name: policy.title
                                    current: policy.answer
                                    model: [{key: "yes", label: qsTr("Agrees")}, {key: "no", label: qsTr("Does not")}]
                                    onChosen: key => page.model.answer(policy.key, key === "yes")
                                }
                            }
                        }
                    }
                }
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.s12

                ActionButton {
                    text: qsTr("Start over")
                    symbol: "eraser"
                    onClicked: page.model.startOver()
                }
                Words {
                    Layout.fillWidth: true
                    text: page.model.duplicate ? "" : page.model.missing
                    size: Theme.caption
                    color: Theme.ink2
                    horizontalAlignment: Text.AlignRight
                    wrapMode: Text.WordWrap
                }
                ActionButton {
                    objectName: "open-duplicate"
                    visible: page.model.duplicate
                    kind: "primary"
                    text: qsTr("Open this member")
                    symbol: "user-check"
                    onClicked: page.model.openDuplicate()
                }
                ActionButton {
                    objectName: "save-member"
                    visible: !page.model.duplicate
                    kind: "primary"
                    enabled: page.model.ready
                    text: qsTr("Sign up")
                    symbol: "user-plus"
                    onClicked: page.model.save()
                }
            }
        }
    }
}
